package dev.gossamer.ztunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationPolicy.Action;
import dev.gossamer.core.policy.AuthorizationPolicy.Scope;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.pki.Svid;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.state.Mesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client, its proxy, TLS, the server's proxy, application: all real, on loopback. */
final class ProxyChainTest {
    private static final Match FROM_ANYONE = match(Terms.any(List.of(new TextPattern.Presence())));
    private static final Match FROM_NOBODY_KNOWN = match(Terms.none(List.of(new TextPattern.Presence())));

    private App app;
    private MeshOnLoopback mesh;

    @BeforeEach
    void start() throws Exception {
        app = App.echo("127.0.0.2");
        mesh = new MeshOnLoopback(app.address());
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
        app.close();
    }

    @Test
    void carriesBytesInATunnelAndSaysWhoTalkedToWhom() throws Exception {
        assertThat(exchange(mesh.captured(), "hello")).isEqualTo("hello");

        var tunnel = mesh.tunnelAddress();
        assertThat(mesh.awaitLog("client info connection complete"))
                .contains(
                        " src.workload=client src.namespace=shop src.identity=spiffe://cluster.local/ns/shop/sa/client")
                .contains(" dst.addr=127.0.0.2:" + tunnel.getPort())
                .contains(" dst.hbone_addr=127.0.0.2:" + app.address().getPort())
                .contains(" dst.workload=server")
                .contains(" dst.identity=spiffe://cluster.local/ns/shop/sa/server")
                .contains(" direction=outbound bytes_sent=5 bytes_recv=5 duration=")
                .doesNotContain("error=");
        assertThat(mesh.awaitLog("server info connection complete"))
                .contains(" src.addr=127.0.0.1:")
                .contains(" src.identity=spiffe://cluster.local/ns/shop/sa/client")
                .contains(" dst.workload=server")
                .contains(" direction=inbound bytes_sent=5 bytes_recv=5 duration=");
        assertThat(Scrape.value(mesh.traffic, "istio_tcp_connections_opened", "reporter", "source"))
                .isEqualTo(1);
        assertThat(Scrape.value(mesh.traffic, "istio_tcp_received_bytes", "reporter", "destination"))
                .isEqualTo(5);
    }

    @Test
    void passesEachEndOfStreamOnByItself() throws Exception {
        try (var answering = new App("127.0.0.2", socket -> {
            // Speaks only when all has been heard.
            var heard = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("heard " + heard.length).getBytes(StandardCharsets.US_ASCII));
        })) {
            mesh.target = answering.address();
            assertThat(exchange(mesh.captured(), "x".repeat(100_000))).isEqualTo("heard 100000");
        }
    }

    @Test
    void holdsASenderBackWhoseReaderDoesNotReadAndLosesNothing() throws Exception {
        var read = new CompletableFuture<Void>();
        var received = new AtomicLong();
        try (var slow = new App("127.0.0.2", socket -> {
            read.join();
            var buffer = new byte[65_536];
            for (int n; (n = socket.getInputStream().read(buffer)) >= 0; ) {
                received.addAndGet(n);
            }
            socket.getOutputStream().write('!');
        })) {
            mesh.target = slow.address();
            var sent = new AtomicLong();
            try (var socket = mesh.captured()) {
                var writer = Thread.ofVirtual().start(() -> write(socket, sent, 64 << 20));
                awaitStall(sent);
                // Sockets on three hops, and the windows between: far less than what the client would send.
                assertThat(sent.get()).isLessThan(32 << 20);
                read.complete(null);
                assertThat(socket.getInputStream().read()).isEqualTo('!');
                writer.join();
            }
            assertThat(received.get()).isEqualTo(64 << 20);
        }
    }

    @Test
    void usesOneTunnelForManyConnections() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(exchange(mesh.captured(), "n" + i)).isEqualTo("n" + i);
        }

        assertThat(app.accepted()).isEqualTo(20);
        // One for each of the two event loops.
        assertThat(Tunnels.countTo(mesh.tunnelAddress())).isBetween(1L, 2L);
    }

    @Test
    void deniesByPolicyAndNamesIt() throws Exception {
        mesh.policies(policy("no-clients", Action.DENY, FROM_ANYONE));

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        assertThat(mesh.awaitLog("server error connection complete"))
                .endsWith("error=connection closed due to policy rejection: explicitly denied by: shop/no-clients");
        assertThat(mesh.awaitLog("client error connection complete")).endsWith("error=http status: 401 Unauthorized");
        assertThat(Scrape.value(mesh.traffic, "istio_tcp_connections_closed", "response_flags", "DENY"))
                .isEqualTo(2);
        assertThat(app.accepted()).isZero();
    }

    @Test
    void deniesWhatNoAllowPolicyAllows() throws Exception {
        mesh.policies(policy("someone-else", Action.ALLOW, match(Terms.any(List.of(new TextPattern.Exact("other"))))));

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        assertThat(mesh.awaitLog("server error"))
                .endsWith("error=connection closed due to policy rejection: allow policies exist, but none allowed");
    }

    @Test
    void cutsWhatANewPolicyNoLongerAllows() throws Exception {
        try (var socket = mesh.captured()) {
            socket.getOutputStream().write('a');
            assertThat(socket.getInputStream().read()).isEqualTo('a');

            mesh.policies(policy("from-now-on", Action.DENY, FROM_ANYONE));

            assertThat(readToTheEnd(socket)).isEmpty();
        }
        mesh.awaitLog("server error", "error=connection closed due to policy change");
    }

    @Test
    void leavesAloneWhatANewPolicyAllows() throws Exception {
        try (var socket = mesh.captured()) {
            socket.getOutputStream().write('a');
            assertThat(socket.getInputStream().read()).isEqualTo('a');
            mesh.policies(policy("strangers", Action.DENY, FROM_NOBODY_KNOWN));
            socket.getOutputStream().write('b');

            assertThat(socket.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void takesStrangersInPlaintextUnlessThePolicyIsStrict() throws Exception {
        assertThat(exchange(mesh.plaintext(), "hello")).isEqualTo("hello");
        assertThat(mesh.awaitLog("server info")).doesNotContain("src.identity").doesNotContain("hbone_addr");

        mesh.policies(policy("istio_converted_static_strict", Action.DENY, FROM_NOBODY_KNOWN));
        assertThat(exchange(mesh.plaintext(), "hello")).isEmpty();
        mesh.awaitLog("server error", "explicitly denied by: shop/istio_converted_static_strict");
        assertThat(exchange(mesh.captured(), "hello")).isEqualTo("hello");
    }

    @Test
    void refusesAPeerOfAnotherTrustDomain() throws Exception {
        var foreign = new SpiffeId("elsewhere", "shop", "client");
        mesh.clientCertificates = id -> MeshOnLoopback.issue(mesh.authority, foreign, Duration.ofHours(1));

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        mesh.awaitLog("server warn connection failed", "tls handshake error");
        assertThat(app.accepted()).isZero();
    }

    @Test
    void refusesAPeerOfAnotherAuthority() throws Exception {
        var other = MeshOnLoopback.newAuthority("cluster.local");
        mesh.clientCertificates = id -> {
            var own = MeshOnLoopback.issue(other, id, Duration.ofHours(1));
            // It trusts the right roots, so that only the server can object.
            return new Svid(id, own.chain(), own.privateKey(), mesh.authority.roots());
        };

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        mesh.awaitLog("server warn connection failed", "tls handshake error");
    }

    @Test
    void doesNotTalkToAServerOfAnotherIdentity() throws Exception {
        mesh.serverCertificates =
                id -> MeshOnLoopback.issue(mesh.authority, Mesh.identity("impostor"), Duration.ofHours(1));

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        mesh.awaitLog("client error connection complete", "error=tls error");
        assertThat(app.accepted()).isZero();
    }

    @Test
    void saysThatThereIsNoCertificate() throws Exception {
        mesh.clientCertificates = _ -> {
            throw new IllegalStateException("the authority is asleep");
        };

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        assertThat(mesh.awaitLog("client error")).contains("error=identity error: ");
        assertThat(Scrape.value(mesh.traffic, "istio_tcp_connections_failed", "response_flags", "IDENTITY_ERROR"))
                .isEqualTo(1);
    }

    @Test
    void saysThatTheApplicationDoesNotListen() throws Exception {
        app.close();

        assertThat(exchange(mesh.captured(), "hello")).isEmpty();
        mesh.awaitLog("server error", "error=connection failed: ");
        mesh.awaitLog("client error", "error=http status: 503 Service Unavailable");
    }

    @Test
    void passesThroughToWhatTheMeshDoesNotKnow() throws Exception {
        try (var stranger = App.echo("127.0.0.3")) {
            mesh.target = stranger.address();

            assertThat(exchange(mesh.captured(), "hello")).isEqualTo("hello");
            assertThat(mesh.awaitLog("client info"))
                    .doesNotContain("hbone_addr")
                    .doesNotContain("identity");
        }
    }

    @Test
    void waitsForAWorkloadThatTheControlPlaneHasNotToldOfYet() throws Exception {
        mesh.mesh.onAddresses(List.of(), List.of(MeshOnLoopback.CLIENT.uid()));
        try (var socket = mesh.captured()) {
            socket.getOutputStream().write('a');
            mesh.mesh.onAddresses(List.of(new MeshResource.OfWorkload(MeshOnLoopback.CLIENT)), List.of());

            assertThat(socket.getInputStream().read()).isEqualTo('a');
        }
    }

    @Test
    void goesOnWithOldTunnelsWhenCertificatesAreRenewed() throws Exception {
        mesh.clientCertificates = id -> MeshOnLoopback.issue(mesh.authority, id, Duration.ofSeconds(2));
        try (var socket = mesh.captured()) {
            var identities = new HashSet<Object>();
            // Over several half lives: each byte of the old connection and each new one must get through.
            for (int i = 0; i < 60; i++) {
                socket.getOutputStream().write(i);
                assertThat(socket.getInputStream().read()).isEqualTo(i);
                assertThat(exchange(mesh.captured(), "new " + i)).isEqualTo("new " + i);
                var tls = mesh.client.pod().certificates().current(Mesh.identity("client"));
                identities.add(tls == null ? "none" : tls.svid().leaf().getSerialNumber());
                Thread.sleep(Duration.ofMillis(50));
            }
            assertThat(identities).hasSizeGreaterThan(1);
        }
    }

    @Test
    void drainsWithoutCuttingAndTakesNothingNew() throws Exception {
        try (var socket = mesh.captured()) {
            socket.getOutputStream().write('a');
            assertThat(socket.getInputStream().read()).isEqualTo('a');

            mesh.client.drain();
            mesh.server.drain();

            MeshOnLoopback.await(
                    "the listener to close",
                    () -> !Tunnels.canConnect(mesh.client.addresses().getFirst()));
            socket.getOutputStream().write('b');
            assertThat(socket.getInputStream().read()).isEqualTo('b');
            assertThat(mesh.client.pod().connections().count()).isEqualTo(1);
        }
        MeshOnLoopback.await(
                "the last connection to end",
                () -> mesh.client.pod().connections().count() == 0);
    }

    private static AuthorizationPolicy policy(String name, Action action, Match match) {
        var rule = new AuthorizationRule(List.of(new Clause(List.of(match))));
        return new AuthorizationPolicy("shop", name, Scope.NAMESPACE, action, List.of(rule), false);
    }

    private static Match match(Terms<TextPattern> principals) {
        return new Match(Terms.unset(), principals, Terms.unset(), Terms.unset(), Terms.unset(), Terms.unset());
    }

    /** Says {@code text}, ends, and returns the answer; empty also if the connection is cut instead. */
    private static String exchange(Socket socket, String text) throws IOException {
        try (socket) {
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
            } catch (IOException e) {
                return "";
            }
            return new String(readToTheEnd(socket), StandardCharsets.UTF_8);
        }
    }

    private static byte[] readToTheEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private static void write(Socket socket, AtomicLong sent, long bytes) {
        var chunk = new byte[65_536];
        new Random(1).nextBytes(chunk);
        try {
            while (sent.get() < bytes) {
                socket.getOutputStream().write(chunk);
                sent.addAndGet(chunk.length);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until half a second goes by without a byte. */
    private static void awaitStall(AtomicLong sent) throws InterruptedException {
        var last = new long[] {-1, System.nanoTime()};
        MeshOnLoopback.await("the sender to be held back", () -> {
            if (sent.get() != last[0]) {
                last[0] = sent.get();
                last[1] = System.nanoTime();
            }
            return sent.get() > 0 && System.nanoTime() - last[1] > 500_000_000;
        });
    }
}
