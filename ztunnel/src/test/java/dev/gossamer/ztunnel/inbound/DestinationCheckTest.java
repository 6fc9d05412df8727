package dev.gossamer.ztunnel.inbound;

import static dev.gossamer.ztunnel.state.Mesh.service;
import static dev.gossamer.ztunnel.state.Mesh.workload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.config.ZtunnelConfig.Ports;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.Mesh;
import dev.gossamer.ztunnel.state.MeshState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case: who we are (at 10.0.0.2), what is asked of us, what comes of it, and what else the mesh has. */
final class DestinationCheckTest {
    private static final DestinationCheck CHECK =
            new DestinationCheck("", new Ports(15001, 15006, 15008, 15008, 15000, 15020, 15021));

    private static final Workload PLAIN = Mesh.pod("api", "10.0.0.2");
    private static final Workload SERVING =
            workload("api", "10.0.0.2").serves("s", 80, 8080).build();
    private static final Workload WAYPOINT =
            workload("wp", "10.0.0.2").serves("wp", 15008, 15008).build();

    private static Stream<Arguments> cases() {
        return Stream.of(
                on(PLAIN, "10.0.0.2:80", "10.0.0.2:80"),
                on(PLAIN, "10.0.0.3:80", "400 ip mismatch: 10.0.0.2 != 10.0.0.3"),
                on(PLAIN, "127.0.0.1:80", "400 ip mismatch: 10.0.0.2 != 127.0.0.1"),
                on(PLAIN, "[::ffff:10.0.0.2]:80", "10.0.0.2:80"),
                on(PLAIN, "10.0.0.2:15001", "503 connection to a port of the proxy itself: 15001"),
                on(PLAIN, "10.0.0.2:15006", "503 connection to a port of the proxy itself: 15006"),
                on(PLAIN, "10.0.0.2:15008", "503 connection to a port of the proxy itself: 15008"),
                on(PLAIN, "10.0.0.2", "400 not an address and a port: 10.0.0.2"),
                on(PLAIN, "10.0.0.2:0", "400 not an address and a port: 10.0.0.2:0"),
                on(PLAIN, "10.0.0.2:70000", "400 not an address and a port: 10.0.0.2:70000"),
                on(PLAIN, "10.0.0.300:80", "400 not an address and a port: 10.0.0.300:80"),
                on(PLAIN, "", "400 not an address and a port: "),
                on(PLAIN, "GET /:80", "400 not an address and a port: GET /:80"),
                on(null, "10.0.0.2:80", "503 failed to fetch information about local workload"),
                // Services by name.
                on(
                        SERVING,
                        "s.shop.svc.cluster.local:80",
                        "10.0.0.2:8080 as s",
                        service("s", "10.96.0.1").build()),
                on(
                        PLAIN,
                        "s.shop.svc.cluster.local:80",
                        "10.0.0.2:9090",
                        service("s").port(80, 9090).build()),
                on(
                        PLAIN,
                        "s.shop.svc.cluster.local:81",
                        "503 no port of service shop/s.shop.svc.cluster.local for s.shop.svc.cluster.local:81",
                        service("s").port(80, 9090).build()),
                on(PLAIN, "none.example:80", "503 no service for target address: none.example:80"),
                on(
                        PLAIN,
                        "s.shop.svc.cluster.local:80",
                        "503 no service for target address: s.shop.svc.cluster.local:80",
                        service("s").namespace("other").hidden().port(80, 9090).build()),
                // What is reached through us.
                on(
                        WAYPOINT,
                        "10.96.0.1:80",
                        "10.0.0.2:80",
                        service("s", "10.96.0.1").waypoint("wp").build(),
                        service("wp", "10.96.0.9").build()),
                on(
                        WAYPOINT,
                        "10.96.0.1:80",
                        "10.0.0.2:80",
                        service("s", "10.96.0.1").waypoint("10.96.0.9").build(),
                        service("wp", "10.96.0.9").build()),
                on(
                        WAYPOINT,
                        "10.96.0.1:80",
                        "10.0.0.2:80",
                        service("s", "10.96.0.1").waypoint("10.0.0.2").build()),
                on(
                        WAYPOINT,
                        "10.0.0.7:80",
                        "10.0.0.2:80",
                        workload("behind", "10.0.0.7").waypoint("wp").build(),
                        service("wp", "10.96.0.9").build()),
                on(
                        WAYPOINT,
                        "10.0.0.7:80",
                        "400 ip mismatch: 10.0.0.2 != 10.0.0.7",
                        workload("behind", "10.0.0.7").waypoint("10.0.0.8").build()),
                on(
                        WAYPOINT,
                        "10.96.0.1:80",
                        "400 ip mismatch: 10.0.0.2 != 10.96.0.1",
                        service("s", "10.96.0.1").waypoint("other").build()),
                on(
                        WAYPOINT,
                        "10.96.0.1:80",
                        "10.0.0.2:80",
                        service("s", "10.96.0.1")
                                .weighted("other", 1)
                                .weighted("wp", 1)
                                .build(),
                        service("wp", "10.96.0.9").build()),
                // Application tunnels take any address.
                on(
                        workload("w", "10.0.0.2")
                                .application(ApplicationTunnel.Protocol.NONE, 15080)
                                .build(),
                        "10.9.9.9:80",
                        "10.0.0.2:15080"),
                on(
                        workload("w", "10.0.0.2")
                                .application(ApplicationTunnel.Protocol.NONE, 0)
                                .build(),
                        "10.9.9.9:80",
                        "10.0.0.2:80"),
                on(
                        workload("w", "10.0.0.2")
                                .application(ApplicationTunnel.Protocol.PROXY, 15080)
                                .build(),
                        "10.9.9.9:80",
                        "503 workload Kubernetes//Pod/shop/w wants the PROXY protocol, which this proxy does not speak"));
    }

    @ParameterizedTest(name = "{1} -> {2}")
    @MethodSource("cases")
    void connectsOnlyToTheLocalWorkload(Workload local, String authority, String expected, List<MeshResource> others)
            throws Exception {
        assertThat(describe(decide(local, "CONNECT", authority, null, others))).isEqualTo(expected);
    }

    @Test
    void refusesOtherMethods() throws Exception {
        assertThat(describe(decide(PLAIN, "GET", "10.0.0.2:80", null, List.of())))
                .isEqualTo("400 method not CONNECT: GET");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "for=\"10.0.0.1:4000\";host=b.shop.svc.cluster.local, b",
                "for=\"10.0.0.1:4000\",                               a",
                "host=stranger.example,                               a",
                "-,                                                   a",
            })
    void namesTheServiceThatTheClientMeant(String forwarded, String expected) throws Exception {
        var local = workload("api", "10.0.0.2")
                .serves("b", 80, 8080)
                .serves("a", 80, 8080)
                .build();
        var services = List.<MeshResource>of(
                new MeshResource.OfService(service("a").build()),
                new MeshResource.OfService(service("b").build()));

        var decision = decide(local, "CONNECT", "10.0.0.2:8080", forwarded, services);

        assertThat(describe(decision)).isEqualTo("10.0.0.2:8080 as " + expected);
    }

    @Property(tries = 2000, seed = "99")
    void readsNoAuthorityThatCouldMeanTwoThings(@ForAll String text) {
        var parsed = Authority.parse(text);
        if (parsed != null) {
            assertThat(parsed.port()).isBetween(1, 65535);
            assertThat(text)
                    .endsWith(":" + parsed.port() + "")
                    .doesNotContain(" ")
                    .doesNotContain("/");
        }
    }

    private static InboundDecision decide(
            Workload local, String method, String authority, String forwarded, List<MeshResource> others)
            throws Exception {
        var state = new MeshState("", LocalIdentityListener.NONE);
        var all = new ArrayList<>(others);
        if (local != null) {
            all.add(new MeshResource.OfWorkload(local));
        }
        state.onAddresses(all, List.of());
        return CHECK.decide(
                state.view(),
                local,
                new DestinationCheck.Request(method, authority, InetAddress.ofLiteral("10.0.0.2"), forwarded));
    }

    private static String describe(InboundDecision decision) {
        return switch (decision) {
            case InboundDecision.Connect connect ->
                connect.target().getHostString() + ":" + connect.target().getPort()
                        + (connect.service() == null
                                ? ""
                                : " as " + connect.service().displayName());
            case InboundDecision.Refuse(var status, var reason) -> status + " " + reason;
        };
    }

    private static Arguments on(Workload local, String authority, String expected, Record... others) {
        var resources = new ArrayList<MeshResource>();
        for (var other : others) {
            resources.add(
                    other instanceof Service s
                            ? new MeshResource.OfService(s)
                            : new MeshResource.OfWorkload((Workload) other));
        }
        return Arguments.of(local, authority, expected, resources);
    }
}
