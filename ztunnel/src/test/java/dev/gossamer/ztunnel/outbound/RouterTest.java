package dev.gossamer.ztunnel.outbound;

import static dev.gossamer.ztunnel.state.Mesh.identity;
import static dev.gossamer.ztunnel.state.Mesh.service;
import static dev.gossamer.ztunnel.state.Mesh.workload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.Mesh;
import dev.gossamer.ztunnel.state.MeshState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case: what the mesh has beside the client, whom the client calls, and where that goes. */
final class RouterTest {
    private static final Router ROUTER = new Router("", 15008);
    private static final Workload CLIENT = Mesh.pod("client", "10.0.0.1");

    private static Stream<Arguments> cases() {
        return Stream.of(
                // Addressed by workload.
                on("9.9.9.9:80", "passthrough 9.9.9.9:80"),
                on("10.0.0.2:80", "hbone 10.0.0.2:15008 10.0.0.2:80 server", Mesh.pod("server", "10.0.0.2")),
                on(
                        "[fd00::2]:80",
                        "hbone [fd00:0:0:0:0:0:0:2]:15008 [fd00:0:0:0:0:0:0:2]:80 dual",
                        Mesh.pod("dual", "10.0.0.2", "fd00::2")),
                on(
                        "10.0.0.2:80",
                        "direct 10.0.0.2:80 plain",
                        workload("plain", "10.0.0.2").plain().build()),
                on(
                        "10.0.0.2:80",
                        "passthrough 10.0.0.2:80",
                        workload("h", "10.0.0.2").hostNetwork().build()),
                on(
                        "10.0.0.2:80",
                        "passthrough 10.0.0.2:80",
                        workload("abroad", "10.0.0.2").network("n2").build()),
                // Addressed by service.
                on(
                        "10.96.0.1:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:8080 server",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("server", "10.0.0.2").serves("s", 80, 8080).build()),
                on(
                        "10.96.0.1:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:9090 server",
                        service("s", "10.96.0.1").port(80, 0).build(),
                        workload("server", "10.0.0.2").serves("s", 80, 9090).build()),
                on(
                        "10.96.0.1:80",
                        "direct 10.0.0.2:8080 server",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("server", "10.0.0.2")
                                .plain()
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "direct 172.18.0.2:8080 h",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("h", "172.18.0.2")
                                .hostNetwork()
                                .plain()
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "direct outside.example:8080 entry",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("entry")
                                .hostname("outside.example")
                                .plain()
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "error no healthy upstream: 10.96.0.1:80",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("entry")
                                .hostname("")
                                .plain()
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:81",
                        "error no healthy upstream: 10.96.0.1:81",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("server", "10.0.0.2").serves("s", 80, 8080).build()),
                on(
                        "10.96.0.1:80",
                        "error no healthy upstream: 10.96.0.1:80",
                        service("s", "10.96.0.1").port(80, 8080).build()),
                on(
                        "10.96.0.1:80",
                        "error no healthy upstream: 10.96.0.1:80",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("ill", "10.0.0.2")
                                .unhealthy()
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "passthrough 10.96.0.1:80",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .mode(LoadBalancing.Mode.PASSTHROUGH)
                                .build()),
                on(
                        "10.96.7.7:443",
                        "passthrough 10.96.7.7:443",
                        service("any", "10.96.0.0/16")
                                .port(443, 443)
                                .mode(LoadBalancing.Mode.PASSTHROUGH)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "passthrough 10.96.0.1:80",
                        service("s", "10.96.0.1")
                                .namespace("other")
                                .hidden()
                                .port(80, 80)
                                .build()),
                // A service's names are accepted beside the workload's own.
                on(
                        "10.96.0.1:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:8080 client server",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .sans("spiffe://cluster.local/ns/shop/sa/client", "not an id")
                                .build(),
                        workload("server", "10.0.0.2").serves("s", 80, 8080).build()),
                // Both at one address: the service decides, save for its waypoint.
                on(
                        "10.0.0.2:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:8080 server",
                        service("s", "10.0.0.2").port(80, 8080).waypoint("wp").build(),
                        workload("server", "10.0.0.2").serves("s", 80, 8080).build()),
                // Waypoints of services.
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1").port(80, 8080).waypoint("wp").build(),
                        workload("server", "10.0.0.2").serves("s", 80, 8080).build(),
                        service("wp", "10.96.0.9").port(15008, 15008).build(),
                        workload("wp", "10.0.0.9").serves("wp", 15008, 15008).build()),
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("10.96.0.9")
                                .build(),
                        service("wp", "10.96.0.9").port(15008, 15008).build(),
                        workload("wp", "10.0.0.9").serves("wp", 15008, 15008).build()),
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("10.0.0.9")
                                .build(),
                        Mesh.pod("wp", "10.0.0.9")),
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("sandwich")
                                .build(),
                        service("sandwich", "10.96.0.9").build(),
                        workload("wp", "10.0.0.9")
                                .application(ApplicationTunnel.Protocol.PROXY, 15088)
                                .serves("sandwich", 80, 80)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "error unknown waypoint: shop/none.shop.svc.cluster.local",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("none")
                                .build()),
                on(
                        "10.96.0.1:80",
                        "error unknown waypoint: /10.0.0.77",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("10.0.0.77")
                                .build()),
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("none")
                                .weighted("none", 0)
                                .weighted("10.0.0.9", 3)
                                .build(),
                        Mesh.pod("wp", "10.0.0.9")),
                on(
                        "10.96.0.1:80",
                        "waypoint 10.0.0.9:15008 10.96.0.1:80 wp",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .waypoint("10.0.0.9")
                                .weighted("none", 0)
                                .build(),
                        Mesh.pod("wp", "10.0.0.9")),
                // Waypoints of workloads: only where the client means the workload.
                on(
                        "10.0.0.2:80",
                        "waypoint 10.0.0.9:15008 10.0.0.2:80 wp",
                        workload("server", "10.0.0.2").waypoint("10.0.0.9").build(),
                        Mesh.pod("wp", "10.0.0.9")),
                on(
                        "10.96.0.1:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:8080 server",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("server", "10.0.0.2")
                                .waypoint("10.0.0.9")
                                .serves("s", 80, 8080)
                                .build(),
                        Mesh.pod("wp", "10.0.0.9")),
                on(
                        "10.0.0.2:80",
                        "hbone 10.0.0.2:15008 10.0.0.2:80 server",
                        // The client is the waypoint itself.
                        workload("server", "10.0.0.2").waypoint("10.0.0.1").build()),
                on(
                        "10.0.0.2:80",
                        "waypoint 10.0.0.9:15008 10.0.0.2:80 client",
                        // The same identity elsewhere is not.
                        workload("server", "10.0.0.2").waypoint("10.0.0.9").build(),
                        workload("client", "10.0.0.9")
                                .uid("Kubernetes//Pod/shop/client-2")
                                .build()),
                // Other networks.
                on(
                        "10.96.0.1:80",
                        "error no healthy upstream: 10.96.0.1:80",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("far", "10.0.0.2")
                                .network("n2")
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "error network n2 of Kubernetes//Pod/shop/far is behind the gateway /1.2.3.4,"
                                + " and this proxy sends through no network gateway",
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("far", "10.0.0.2")
                                .network("n2")
                                .networkGateway("1.2.3.4")
                                .serves("s", 80, 8080)
                                .build()),
                on(
                        "10.96.0.1:80",
                        "hbone 10.0.0.3:15008 10.0.0.3:8080 near",
                        service("s", "10.96.0.1")
                                .port(80, 8080)
                                .mode(LoadBalancing.Mode.FAILOVER, LoadBalancing.Scope.NETWORK)
                                .build(),
                        workload("near", "10.0.0.3").serves("s", 80, 8080).build(),
                        workload("far", "10.0.0.2")
                                .network("n2")
                                .networkGateway("1.2.3.4")
                                .serves("s", 80, 8080)
                                .build()));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("cases")
    void sendsEachConnectionWhereItBelongs(String original, String expected, List<MeshResource> mesh) throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        state.onAddresses(mesh, List.of());

        assertThat(describe(decide(state, original, 1))).isEqualTo(expected);
    }

    @Test
    void spreadsOverEndpointsAndWaypoints() throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        state.onAddresses(
                resources(
                        service("s", "10.96.0.1").port(80, 8080).build(),
                        workload("a", "10.0.0.2").serves("s", 80, 8080).build(),
                        workload("b", "10.0.0.3").serves("s", 80, 8080).build(),
                        service("w", "10.96.0.2")
                                .port(80, 8080)
                                .weighted("10.0.0.2", 1)
                                .weighted("10.0.0.3", 1)
                                .build()),
                List.of());
        var seen = new TreeSet<String>();
        for (int seed = 0; seed < 50; seed++) {
            seen.add(describe(decide(state, "10.96.0.1:80", seed)));
            seen.add(describe(decide(state, "10.96.0.2:80", seed)));
        }

        assertThat(seen)
                .containsExactly(
                        "hbone 10.0.0.2:15008 10.0.0.2:8080 a",
                        "hbone 10.0.0.3:15008 10.0.0.3:8080 b",
                        "waypoint 10.0.0.2:15008 10.96.0.2:80 a",
                        "waypoint 10.0.0.3:15008 10.96.0.2:80 b");
    }

    private static RouteDecision decide(MeshState state, String original, int seed) {
        int colon = original.lastIndexOf(':');
        var address = InetAddress.ofLiteral(original.substring(0, colon).replaceAll("[\\[\\]]", ""));
        var target = new InetSocketAddress(address, Integer.parseInt(original.substring(colon + 1)));
        var client = CLIENT.location().addresses().getFirst();
        return ROUTER.decide(state.view(), new Router.Request(CLIENT, client, target), new Random(seed));
    }

    private static String describe(RouteDecision decision) {
        return switch (decision) {
            case RouteDecision.Passthrough p -> "passthrough " + text(p.target());
            case RouteDecision.Direct d ->
                "direct " + text(d.target()) + " " + d.upstream().workload().name();
            case RouteDecision.Hbone h -> "hbone " + text(h.tunnel()) + " " + h.authority() + names(h.expected());
            case RouteDecision.ViaWaypoint w ->
                "waypoint " + text(w.tunnel()) + " " + w.authority() + names(w.expected());
            case RouteDecision.Error e -> "error " + e.reason();
        };
    }

    private static String names(Iterable<dev.gossamer.core.identity.SpiffeId> expected) {
        var names = new StringBuilder();
        expected.forEach(id -> {
            assertThat(id).isEqualTo(identity(id.serviceAccount()));
            names.append(' ').append(id.serviceAccount());
        });
        return names.toString();
    }

    private static String text(InetSocketAddress address) {
        return dev.gossamer.core.telemetry.AccessRecord.hostAndPort(address);
    }

    private static Arguments on(String original, String expected, Record... mesh) {
        return Arguments.of(original, expected, resources(mesh));
    }

    private static List<MeshResource> resources(Record... mesh) {
        var resources = new ArrayList<MeshResource>();
        resources.add(new MeshResource.OfWorkload(CLIENT));
        for (var part : mesh) {
            resources.add(
                    part instanceof Service s
                            ? new MeshResource.OfService(s)
                            : new MeshResource.OfWorkload((Workload) part));
        }
        return resources;
    }
}
