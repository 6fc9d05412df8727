package dev.gossamer.lab.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsZoneTest {
    private static final DnsAnswer EMPTY = new DnsAnswer.Found(List.of(), List.of());

    private final ServiceCatalog catalog = new ServiceCatalog();
    private final DnsZone zone = new DnsZone(catalog);

    @BeforeEach
    void fill() {
        service("cart", "10.96.0.5", null);
        service("db", "None", null);
        service("outside", null, "cart.shop.svc.cluster.local");
        catalog.put(new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("db-1")
                .withLabels(Map.of("kubernetes.io/service-name", "db"))
                .endMetadata()
                .withAddressType("IPv4")
                .withPorts(new EndpointPort(null, "http", 80, "TCP"))
                .addNewEndpoint()
                .withAddresses("10.20.1.2")
                .withHostname("db-0")
                .endEndpoint()
                .addNewEndpoint()
                .withAddresses("10.20.2.2")
                .withNewConditions()
                .withReady(false)
                .endConditions()
                .endEndpoint()
                .build());
    }

    private void service(String name, String ip, String external) {
        catalog.put(new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withType(external == null ? "ClusterIP" : "ExternalName")
                .withClusterIP(ip)
                .withExternalName(external)
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(80)
                .endPort()
                .endSpec()
                .build());
    }

    private static DnsAnswer found(DnsEntry... entries) {
        return new DnsAnswer.Found(List.of(entries), List.of());
    }

    @Test
    void knowsAServiceInAnyCase() {
        var name = "Cart.Shop.svc.Cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(found(new DnsEntry.Address(name, "10.96.0.5")));
    }

    @Test
    void hasNoIpv6ButTheNameExists() {
        assertThat(zone.ask("cart.shop.svc.cluster.local.", DnsZone.Type.AAAA)).isEqualTo(EMPTY);
    }

    @Test
    void knowsTheReadyEndpointsOfAHeadlessService() {
        var name = "db.shop.svc.cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(found(new DnsEntry.Address(name, "10.20.1.2")));
    }

    @Test
    void knowsAPodOfAHeadlessServiceByItsHostName() {
        var name = "db-0.db.shop.svc.cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(found(new DnsEntry.Address(name, "10.20.1.2")));
    }

    @Test
    void namesPortsBySrv() {
        var name = "_http._tcp.cart.shop.svc.cluster.local.";
        var target = "cart.shop.svc.cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.SRV))
                .isEqualTo(new DnsAnswer.Found(
                        List.of(new DnsEntry.Srv(name, 80, target)),
                        List.of(new DnsEntry.Address(target, "10.96.0.5"))));
    }

    @Test
    void followsExternalNamesWithinTheCluster() {
        var name = "outside.shop.svc.cluster.local.";
        var target = "cart.shop.svc.cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.A))
                .isEqualTo(found(new DnsEntry.Alias(name, target), new DnsEntry.Address(target, "10.96.0.5")));
    }

    @Test
    void knowsPodsByTheirAddress() {
        var name = "10-20-1-2.shop.pod.cluster.local.";
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(found(new DnsEntry.Address(name, "10.20.1.2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster.local.", "svc.cluster.local.", "shop.svc.cluster.local.", "pod.cluster.local."})
    void namesAboveOthersExistWithoutRecords(String name) {
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.shop.svc.cluster.local.",
                "x.cart.shop.svc.cluster.local.",
                "_https._tcp.cart.shop.svc.cluster.local.",
                "a.b.c.cart.shop.svc.cluster.local.",
                "db-9.db.shop.svc.cluster.local.",
                "notanip.shop.pod.cluster.local.",
                "node.cluster.local.",
                "example.com.",
                "xcluster.local.",
                "."
            })
    void doesNotKnowWhatIsNotThere(String name) {
        assertThat(zone.ask(name, DnsZone.Type.A)).isEqualTo(new DnsAnswer.Unknown());
    }
}
