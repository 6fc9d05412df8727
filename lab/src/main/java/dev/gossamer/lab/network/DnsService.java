package dev.gossamer.lab.network;

import dev.gossamer.lab.topology.AddressPlan;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;

/** The service {@code kube-dns}, by which pods, meshes and people find the cluster's DNS. Immutable. */
record DnsService(KubernetesClient client) {
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "kube-dns";
    private static final int PORT = 53;

    void publish() {
        var namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build();
        if (client.namespaces().withName(NAMESPACE).get() == null) {
            client.namespaces().resource(namespace).create();
        }
        client.services().inNamespace(NAMESPACE).resource(service()).createOr(existing -> existing.update());
        client.resource(slice()).inNamespace(NAMESPACE).createOr(existing -> existing.update());
    }

    /** Without a selector: the server is no pod. */
    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(NAME)
                .withLabels(Map.of("k8s-app", NAME, "kubernetes.io/name", "CoreDNS"))
                .endMetadata()
                .withNewSpec()
                .withClusterIP(AddressPlan.DNS_SERVICE)
                .withPorts(List.of(
                        new ServicePortBuilder()
                                .withName("dns")
                                .withProtocol("UDP")
                                .withPort(PORT)
                                .withTargetPort(new IntOrString(PORT))
                                .build(),
                        new ServicePortBuilder()
                                .withName("dns-tcp")
                                .withProtocol("TCP")
                                .withPort(PORT)
                                .withTargetPort(new IntOrString(PORT))
                                .build()))
                .endSpec()
                .build();
    }

    private static EndpointSlice slice() {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(NAME + "-lab")
                .withLabels(Map.of(
                        "kubernetes.io/service-name",
                        NAME,
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
                .withPorts(port("dns", "UDP"), port("dns-tcp", "TCP"))
                .build();
    }

    private static EndpointPort port(String name, String protocol) {
        return new EndpointPort(null, name, PORT, protocol);
    }
}
