package dev.gossamer.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.lab.network.ServiceBackend.Endpoint;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServiceCatalogTest {
    private final ServiceCatalog catalog = new ServiceCatalog();

    private static Service service(@Nullable String clusterIp, @Nullable String policy) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("cart")
                .endMetadata()
                .withNewSpec()
                .withClusterIP(clusterIp)
                .withInternalTrafficPolicy(policy)
                .addNewPort()
                .withName("http")
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    private static EndpointSliceBuilder slice(String name) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .withLabels(Map.of("kubernetes.io/service-name", "cart"))
                .endMetadata()
                .withAddressType("IPv4")
                .withPorts(new EndpointPort(null, "http", 8080, "TCP"));
    }

    private static EndpointSlice endpoint(
            String slice, String address, String node, boolean ready, boolean serving, boolean terminating) {
        return slice(slice)
                .addNewEndpoint()
                .withAddresses(address)
                .withNodeName(node)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .endEndpoint()
                .build();
    }

    private List<Endpoint> endpoints(String node) {
        return catalog.backends(node).getFirst().endpoints();
    }

    @Test
    void joinsAllSlicesOfAServiceInOneOrder() {
        catalog.put(service("10.96.0.5", null));
        catalog.put(endpoint("b", "10.20.2.2", "node-2", true, true, false));
        catalog.put(endpoint("a", "10.20.1.2", "node-1", true, true, false));
        assertThat(endpoints("node-1"))
                .containsExactly(new Endpoint("10.20.1.2", 8080), new Endpoint("10.20.2.2", 8080));
    }

    @Test
    void leavesOutWhatIsNotReady() {
        catalog.put(service("10.96.0.5", null));
        catalog.put(endpoint("a", "10.20.1.2", "node-1", false, false, false));
        assertThat(endpoints("node-1")).isEmpty();
    }

    @Test
    void fallsBackToEndpointsThatEndButServe() {
        catalog.put(service("10.96.0.5", null));
        catalog.put(endpoint("a", "10.20.1.2", "node-1", false, true, true));
        assertThat(endpoints("node-1")).containsExactly(new Endpoint("10.20.1.2", 8080));
        catalog.put(endpoint("b", "10.20.2.2", "node-2", true, true, false));
        assertThat(endpoints("node-1")).containsExactly(new Endpoint("10.20.2.2", 8080));
    }

    @Test
    void keepsToTheNodeWhereTheServiceSaysSo() {
        catalog.put(service("10.96.0.5", "Local"));
        catalog.put(endpoint("a", "10.20.1.2", "node-1", true, true, false));
        catalog.put(endpoint("b", "10.20.2.2", "node-2", true, true, false));
        assertThat(endpoints("node-2")).containsExactly(new Endpoint("10.20.2.2", 8080));
    }

    @Test
    void hasNoRuleForHeadlessServices() {
        catalog.put(service("None", null));
        assertThat(catalog.backends("node-1")).isEmpty();
    }

    @Test
    void forgetsWhatIsDeleted() {
        var service = service("10.96.0.5", null);
        var slice = endpoint("a", "10.20.1.2", "node-1", true, true, false);
        catalog.put(service);
        catalog.put(slice);
        catalog.remove(slice);
        assertThat(endpoints("node-1")).isEmpty();
        catalog.remove(service);
        assertThat(catalog.backends("node-1")).isEmpty();
    }
}
