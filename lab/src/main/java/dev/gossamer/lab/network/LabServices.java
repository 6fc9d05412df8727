package dev.gossamer.lab.network;

import dev.gossamer.lab.topology.AddressPlan;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/**
 * The services that the lab itself stands behind: {@code kubernetes}, the API server, and {@code kube-dns}. Neither has
 * pods, so their endpoints are written here. Immutable.
 */
record LabServices(KubernetesClient client) {
    private static final String FIELD_MANAGER = "gossamer-lab";
    private static final String DNS_NAMESPACE = "kube-system";
    private static final String DNS_NAME = "kube-dns";
    private static final int DNS_PORT = 53;
    private static final String API_NAMESPACE = "default";
    private static final String API_NAME = "kubernetes";
    private static final int API_PORT = 6443;

    /** Also where they are already, kept from an earlier life of the lab. */
    void publish() {
        apply(dns());
        apply(slice(DNS_NAMESPACE, DNS_NAME, port("dns", "UDP", DNS_PORT), port("dns-tcp", "TCP", DNS_PORT)));
        // The service itself is made by the API server, which does not know by which address it is reached here.
        apply(slice(API_NAMESPACE, API_NAME, port("https", "TCP", API_PORT)));
    }

    private void apply(HasMetadata object) {
        client.resource(object).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
    }

    /** Without a selector: the server is no pod. */
    private static Service dns() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(DNS_NAMESPACE)
                .withName(DNS_NAME)
                .withLabels(Map.of("k8s-app", DNS_NAME, "kubernetes.io/name", "CoreDNS"))
                .endMetadata()
                .withNewSpec()
                .withClusterIP(AddressPlan.DNS_SERVICE)
                .withPorts(List.of(
                        new ServicePortBuilder()
                                .withName("dns")
                                .withProtocol("UDP")
                                .withPort(DNS_PORT)
                                .withTargetPort(new IntOrString(DNS_PORT))
                                .build(),
                        new ServicePortBuilder()
                                .withName("dns-tcp")
                                .withProtocol("TCP")
                                .withPort(DNS_PORT)
                                .withTargetPort(new IntOrString(DNS_PORT))
                                .build()))
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String namespace, String service, EndpointPort... ports) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                // As the API server's own slice is called, and nothing in the way of another manager's.
                .withName(service.equals(API_NAME) ? service : service + "-lab")
                .withLabels(Map.of(
                        "kubernetes.io/service-name",
                        service,
                        "endpointslice.kubernetes.io/managed-by",
                        "lab.gossamer.dev"))
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(AddressPlan.BRIDGE)
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .endEndpoint()
                .withPorts(ports)
                .build();
    }

    private static EndpointPort port(String name, String protocol, int number) {
        return new EndpointPort(null, name, number, protocol);
    }
}
