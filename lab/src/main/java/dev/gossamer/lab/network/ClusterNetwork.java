package dev.gossamer.lab.network;

import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import dev.gossamer.lab.topology.AddressPlan;
import dev.gossamer.lab.topology.Fabric;
import dev.gossamer.net.loop.Loops;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** ClusterIPs and names, for all nodes of a lab. Thread-safe. */
public final class ClusterNetwork implements AutoCloseable {
    private static final int DNS_PORT = 53;

    private final Shutdown shutdown = new Shutdown();
    private final ServiceCatalog catalog = new ServiceCatalog();

    private ClusterNetwork() {}

    /**
     * Starts routing and answering.
     *
     * @throws IOException if the DNS server's port is taken
     * @throws ClusterUnreachableException if the API does not answer
     */
    public static ClusterNetwork start(KubernetesClient client, Fabric fabric, Loops loops)
            throws IOException, ClusterUnreachableException {
        var network = new ClusterNetwork();
        try {
            network.wire(client, fabric, loops);
        } catch (IOException | ClusterUnreachableException | RuntimeException e) {
            network.close();
            throw e;
        }
        return network;
    }

    private void wire(KubernetesClient client, Fabric fabric, Loops loops)
            throws IOException, ClusterUnreachableException {
        shutdown.owns(
                DnsServer.start(new InetSocketAddress(AddressPlan.BRIDGE, DNS_PORT), new DnsZone(catalog), loops));
        new LabServices(client).publish();
        var router = shutdown.owns(new ServiceRouter(catalog, fabric));
        shutdown.owns(ClusterWatch.start(
                client,
                List.of(Source.all(Kind.builtIn(Service.class)), Source.all(Kind.builtIn(EndpointSlice.class))),
                change -> onChange(change, router)));
    }

    private void onChange(Change change, ServiceRouter router) {
        switch (change) {
            case Change.Upsert(var _, var _, HasMetadata object) -> {
                put(object);
                router.changed();
            }
            case Change.Delete(var _, HasMetadata object) -> {
                remove(object);
                router.changed();
            }
            // Rules written before this point would leave out services that exist.
            case Change.Synced() -> router.start();
        }
    }

    private void put(HasMetadata object) {
        if (object instanceof Service service) {
            catalog.put(service);
        } else if (object instanceof EndpointSlice slice) {
            catalog.put(slice);
        }
    }

    private void remove(HasMetadata object) {
        if (object instanceof Service service) {
            catalog.remove(service);
        } else if (object instanceof EndpointSlice slice) {
            catalog.remove(slice);
        }
    }

    @Override
    public void close() {
        shutdown.close();
    }
}
