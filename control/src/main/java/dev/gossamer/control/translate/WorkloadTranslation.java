package dev.gossamer.control.translate;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.Endpoint;
import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.PodObject.Phase;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.control.observed.WorkloadEntryObject;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.NetworkMode;
import dev.gossamer.core.workload.Workload.Tunnel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods, WorkloadEntries and endpoints of all sorts as the mesh's workloads. Immutable. */
public final class WorkloadTranslation {
    private static final String ENTRY = "/networking.istio.io/ServiceEntry/";

    private final MeshOptions mesh;
    private final ServiceTranslation services;

    public WorkloadTranslation(MeshOptions mesh) {
        this.mesh = mesh;
        this.services = new ServiceTranslation(mesh);
    }

    /** Absent for a pod that has no address yet, or has ended. */
    public @Nullable Workload translate(PodObject pod, Surroundings around) {
        var status = pod.status();
        if (status.addresses().isEmpty() || status.phase() == Phase.SUCCEEDED || status.phase() == Phase.FAILED) {
            return null;
        }
        var labels = pod.metadata().labels();
        var namespace = pod.name().namespace();
        boolean nativeTunnel = terminatesHbone(labels);
        boolean captured = "enabled".equals(pod.metadata().annotation(MeshKeys.REDIRECTION));
        return new Workload(
                mesh.cluster() + "//Pod/" + pod.name(),
                owner(pod.name().name(), namespace, pod.spec().serviceAccount()),
                new Workload.Location(
                        status.addresses(),
                        "",
                        mesh.network(),
                        pod.spec().hostNetwork() ? NetworkMode.HOST_NETWORK : NetworkMode.STANDARD,
                        pod.spec().node(),
                        around.locality()),
                new Tunnel(
                        nativeTunnel || captured ? Workload.Protocol.HBONE : Workload.Protocol.TCP,
                        nativeTunnel,
                        around.waypoints().forWorkload(namespace, labels).addressOrNull(),
                        null,
                        around.waypoints().applicationTunnel(namespace, labels)),
                WorkloadNames.describe(WorkloadNames.ofPod(pod), labels),
                around.policies(),
                status.ready() && !status.deleting() ? Workload.Status.HEALTHY : Workload.Status.UNHEALTHY,
                boundServices(pod, around),
                Workload.DEFAULT_CAPACITY);
    }

    private Map<ServiceName, List<ServicePort>> boundServices(PodObject pod, Surroundings around) {
        var bound = new HashMap<ServiceName, List<ServicePort>>();
        for (var selected : around.entries()) {
            for (var host : selected.hosts()) {
                bound.put(
                        new ServiceName(pod.name().namespace(), host),
                        PortBinding.of(selected.entry(), pod.namedPorts()));
            }
        }
        for (var membership : around.slices()) {
            bound.put(services.nameOf(membership.service()), PortBinding.of(membership.service(), membership.slice()));
        }
        for (var service : around.services()) {
            bound.put(services.nameOf(service), PortBinding.ofPod(service, pod.namedPorts()));
        }
        return bound;
    }

    public Workload translate(WorkloadEntryObject entry, Surroundings around) {
        var endpoint = entry.endpoint();
        var namespace = entry.name().namespace();
        var labels = entry.labels();
        var bound = new HashMap<ServiceName, List<ServicePort>>();
        for (var selected : around.entries()) {
            for (var host : selected.hosts()) {
                bound.put(new ServiceName(namespace, host), PortBinding.of(selected.entry(), endpoint.ports()));
            }
        }
        for (var service : around.services()) {
            bound.put(services.nameOf(service), PortBinding.ofEntry(service, endpoint.ports()));
        }
        return endpointWorkload(
                mesh.cluster() + "/networking.istio.io/WorkloadEntry/" + entry.name(),
                entry.metadata(),
                endpoint,
                labels,
                around.policies(),
                around.waypoints(),
                bound);
    }

    /**
     * The endpoints that stand in the entry itself; for one without any whose clients look its hosts up, a workload for
     * each host.
     *
     * @param hosts those of the entry that no other object took
     */
    public List<Workload> translate(
            ServiceEntryObject entry, List<String> hosts, List<String> policies, WaypointChoice waypoints) {
        if (hosts.isEmpty() || entry.selector() != null) {
            return List.of();
        }
        if (entry.endpoints().isEmpty()) {
            return entry.resolution().byName()
                    ? hosts.stream().map(host -> byName(entry, host, policies)).toList()
                    : List.of();
        }
        var found = new HashMap<String, Workload>();
        var inOrder = new ArrayList<Workload>();
        for (var endpoint : entry.endpoints()) {
            var bound = new HashMap<ServiceName, List<ServicePort>>();
            for (var host : hosts) {
                bound.put(new ServiceName(entry.name().namespace(), host), PortBinding.of(entry, endpoint.ports()));
            }
            var uid = mesh.cluster() + ENTRY + entry.name() + "/" + endpoint.address();
            var workload =
                    endpointWorkload(uid, entry.metadata(), endpoint, endpoint.labels(), policies, waypoints, bound);
            if (found.putIfAbsent(uid, workload) == null) {
                inOrder.add(workload);
            }
        }
        return inOrder;
    }

    private Workload byName(ServiceEntryObject entry, String host, List<String> policies) {
        var namespace = entry.name().namespace();
        return new Workload(
                mesh.cluster() + ENTRY + entry.name() + "/" + host,
                owner(entry.name().name(), namespace, ""),
                new Workload.Location(List.of(), host, mesh.network(), NetworkMode.STANDARD, "", Locality.UNKNOWN),
                Tunnel.PLAIN,
                WorkloadNames.describe(entry.name().name(), entry.metadata().labels()),
                policies,
                Workload.Status.HEALTHY,
                Map.of(new ServiceName(namespace, host), PortBinding.of(entry, Map.of())),
                Workload.DEFAULT_CAPACITY);
    }

    private Workload endpointWorkload(
            String uid,
            Metadata metadata,
            Endpoint endpoint,
            Map<String, String> labels,
            List<String> policies,
            WaypointChoice waypoints,
            Map<ServiceName, List<ServicePort>> bound) {
        var ip = AddressText.parse(endpoint.address());
        boolean nativeTunnel = terminatesHbone(labels);
        return new Workload(
                uid,
                owner(metadata.name().name(), metadata.namespace(), endpoint.serviceAccount()),
                new Workload.Location(
                        ip == null ? List.of() : List.of(ip),
                        ip == null ? endpoint.address() : "",
                        endpoint.network().isEmpty() ? mesh.network() : endpoint.network(),
                        NetworkMode.STANDARD,
                        "",
                        Localities.parse(endpoint.locality())),
                new Tunnel(
                        nativeTunnel ? Workload.Protocol.HBONE : Workload.Protocol.TCP,
                        nativeTunnel,
                        waypoints.forWorkload(metadata.namespace(), labels).addressOrNull(),
                        null,
                        null),
                WorkloadNames.describe(metadata.name().name(), labels),
                policies,
                Workload.Status.HEALTHY,
                bound,
                endpoint.weight() > 0 ? endpoint.weight() : Workload.DEFAULT_CAPACITY);
    }

    /** Addresses of a service that no pod has. */
    public List<Workload> translate(EndpointSliceObject slice, ServiceObject service) {
        var workloads = new ArrayList<Workload>();
        var seen = new HashMap<String, Workload>();
        for (var endpoint : slice.endpoints()) {
            var address = endpoint.address();
            if (endpoint.pod() != null) {
                continue;
            }
            var uid =
                    mesh.cluster() + "/discovery.k8s.io/EndpointSlice/" + slice.name() + "/" + address.getHostAddress();
            var workload = new Workload(
                    uid,
                    owner(slice.name().name(), slice.name().namespace(), ""),
                    new Workload.Location(
                            List.of(address), "", mesh.network(), NetworkMode.HOST_NETWORK, "", Locality.UNKNOWN),
                    Tunnel.PLAIN,
                    WorkloadNames.describe(service.name().name(), Map.of()),
                    List.of(),
                    endpoint.ready() ? Workload.Status.HEALTHY : Workload.Status.UNHEALTHY,
                    Map.of(services.nameOf(service), PortBinding.of(service, slice)),
                    Workload.DEFAULT_CAPACITY);
            if (seen.putIfAbsent(uid, workload) == null) {
                workloads.add(workload);
            }
        }
        return workloads;
    }

    private Workload.Owner owner(String name, String namespace, String serviceAccount) {
        return new Workload.Owner(name, namespace, serviceAccount, mesh.trustDomain(), mesh.cluster());
    }

    private static boolean terminatesHbone(Map<String, String> labels) {
        var tunnels = labels.get(MeshKeys.TUNNEL);
        return tunnels != null && Arrays.asList(tunnels.split(",")).contains("http");
    }
}
