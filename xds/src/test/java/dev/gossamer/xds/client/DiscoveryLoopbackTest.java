package dev.gossamer.xds.client;

import static dev.gossamer.xds.MeshSamples.byName;
import static dev.gossamer.xds.MeshSamples.policy;
import static dev.gossamer.xds.MeshSamples.resource;
import static dev.gossamer.xds.MeshSamples.service;
import static dev.gossamer.xds.MeshSamples.workload;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import dev.gossamer.pki.issue.CertificateService;
import dev.gossamer.pki.issue.ServerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneAddress;
import dev.gossamer.pki.transport.RootsSource;
import dev.gossamer.pki.transport.TokenSource;
import dev.gossamer.xds.codec.AddressCodec;
import dev.gossamer.xds.codec.AuthorizationCodec;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.xds.delta.ResourceSnapshot;
import dev.gossamer.xds.delta.ResourceSnapshot.Change;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import dev.gossamer.xds.server.ConnectionStatus;
import dev.gossamer.xds.server.ControlPlaneServer;
import dev.gossamer.xds.server.DiscoveryConfig;
import dev.gossamer.xds.server.DiscoveryService;
import dev.gossamer.xds.server.SnapshotHub;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real client and the real server over TLS on loopback. */
final class DiscoveryLoopbackTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final SnapshotHub hub = new SnapshotHub();
    private final RecordingListener mesh = new RecordingListener();
    private final List<ConnectionState> states = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private CertificateAuthority authority;
    private ServerCredentials credentials;
    private DiscoveryService discovery;
    private ControlPlaneServer server;

    @BeforeEach
    void start() throws Exception {
        authority = new CertificateAuthority(
                CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, TimeSource.SYSTEM),
                AuthorityConfig.DEFAULT,
                TimeSource.SYSTEM);
        credentials = authority.issueServer(List.of(), List.of(InetAddress.ofLiteral("127.0.0.1")));
        startServer(0, 4 << 20);
    }

    private void startServer(int port, int maxResponseBytes) throws Exception {
        discovery = new DiscoveryService(
                hub,
                caller -> {
                    if (!"token".equals(caller.bearerToken())) {
                        throw new CallerRejectedException("not the token");
                    }
                    return new SpiffeId("cluster.local", "istio-system", "ztunnel");
                },
                new DiscoveryConfig(100, maxResponseBytes, Duration.ofSeconds(10)),
                TimeSource.SYSTEM);
        server = ControlPlaneServer.start(
                new ControlPlaneServer.Config(
                        new InetSocketAddress("127.0.0.1", port), Duration.ofMinutes(30), Duration.ofSeconds(1)),
                credentials,
                discovery,
                new CertificateService(authority, (caller, target) -> {
                    throw new CallerRejectedException("not part of this test");
                }));
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : open) {
            each.close();
        }
        server.close();
    }

    private DiscoveryClient connect(String namespace, String token) {
        var client = new DiscoveryClient(
                new ControlPlaneAccess(
                        new ControlPlaneAddress("127.0.0.1", server.port(), null),
                        new RootsSource.OfPem(authority.roots()),
                        new TokenSource.Literal(token),
                        "Kubernetes",
                        Map.of()),
                new ProxyNode("10.0.0.1", "ztunnel-1", namespace, "node-1", Map.of("CLUSTER_ID", "Kubernetes")),
                mesh,
                new DiscoveryListener() {
                    @Override
                    public void onState(ConnectionState state) {
                        states.add(state);
                    }

                    @Override
                    public void onResponse(TypeUrl type, int resources, int removed, long bytes) {}
                },
                TimeSource.SYSTEM);
        open.add(client);
        Thread.ofVirtual().start(client::run);
        return client;
    }

    private void publish(Map<TypeUrl, Change> changes) {
        hub.publish(hub.current().with(changes));
    }

    private static Change put(MeshResource... resources) {
        return new Change(List.of(resources).stream().map(AddressCodec::encode).toList(), List.of());
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for: " + what).isLessThan(end);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void saysNothingBeforeItKnowsAnythingAndThenThatTheMeshIsEmpty() throws Exception {
        var client = connect("istio-system", "token");
        await(
                "the subscription",
                () -> discovery.connections().stream()
                        .anyMatch(each -> each.types().size() == 2));
        assertThat(discovery
                        .connections()
                        .getFirst()
                        .types()
                        .get(TypeUrl.ADDRESS)
                        .lastNonce())
                .isEmpty();
        assertThat(client.initialSyncDone()).isNotDone();
        publish(Map.of());
        client.initialSyncDone().get(20, TimeUnit.SECONDS);
        assertThat(mesh.addresses).isEmpty();
        assertThat(client.state()).isInstanceOf(ConnectionState.Connected.class);
    }

    @Test
    void followsEveryChange() throws Exception {
        var cart = resource(workload("cart", "10.1.0.1", "cart"));
        var shop = resource(service("cart", "10.96.0.7"));
        publish(Map.of(
                TypeUrl.ADDRESS,
                put(cart, shop),
                TypeUrl.AUTHORIZATION,
                new Change(List.of(AuthorizationCodec.encode(policy("deny"))), List.of())));
        connect("istio-system", "token").initialSyncDone().get(20, TimeUnit.SECONDS);
        assertThat(mesh.snapshot()).isEqualTo(byName(cart, shop));
        assertThat(mesh.policies).containsOnlyKeys("shop/deny").containsValue(policy("deny"));

        var moved = resource(workload("cart", "10.1.0.2", "cart"));
        publish(Map.of(
                TypeUrl.ADDRESS,
                new Change(List.of(AddressCodec.encode(moved)), List.of(shop.name())),
                TypeUrl.AUTHORIZATION,
                new Change(List.of(), List.of("shop/deny"))));
        await("the moved workload", () -> mesh.snapshot().equals(byName(moved)) && mesh.policies.isEmpty());

        await(
                "the acknowledgement",
                () -> discovery.connections().stream()
                        .anyMatch(each -> each.types().values().stream().allMatch(type -> type.ackedVersion() == 2)));
        ConnectionStatus connection = discovery.connections().getFirst();
        assertThat(connection.nodeId())
                .isEqualTo("ztunnel~10.0.0.1~ztunnel-1.istio-system~istio-system.svc.cluster.local");
        assertThat(connection.types()).containsOnlyKeys(TypeUrl.ADDRESS, TypeUrl.AUTHORIZATION);
        assertThat(connection.types().get(TypeUrl.ADDRESS).resources()).isEqualTo(1);
    }

    @Test
    void refusesWhatItCannotReadAndAppliesTheRest() throws Exception {
        var cart = resource(workload("cart", "10.1.0.1"));
        var bad = new Versioned("bad", "1", ByteString.EMPTY, List.of(), List.of());
        publish(Map.of(TypeUrl.ADDRESS, new Change(List.of(AddressCodec.encode(cart), bad), List.of())));
        var client = connect("istio-system", "token");
        await(
                "the refusal",
                () -> discovery.connections().stream()
                        .anyMatch(each -> each.types().containsKey(TypeUrl.ADDRESS)
                                && each.types().get(TypeUrl.ADDRESS).error() != null));
        assertThat(discovery
                        .connections()
                        .getFirst()
                        .types()
                        .get(TypeUrl.ADDRESS)
                        .error())
                .isEqualTo("bad: neither a workload nor a service");
        assertThat(mesh.snapshot()).isEqualTo(byName(cart));
        assertThat(client.initialSyncDone()).isNotDone();

        publish(Map.of(TypeUrl.ADDRESS, new Change(List.of(), List.of("bad"))));
        client.initialSyncDone().get(20, TimeUnit.SECONDS);
    }

    @Test
    void comesBackAfterARestartAndAsksOnlyForWhatChanged() throws Exception {
        var cart = resource(workload("cart", "10.1.0.1"));
        var gone = resource(workload("gone", "10.1.0.2"));
        publish(Map.of(TypeUrl.ADDRESS, put(cart, gone)));
        connect("istio-system", "token").initialSyncDone().get(20, TimeUnit.SECONDS);
        int port = server.port();
        server.close();
        await("the loss", () -> states.stream().anyMatch(ConnectionState.Disconnected.class::isInstance));
        assertThat(mesh.snapshot()).isEqualTo(byName(cart, gone));
        mesh.received.clear();

        var added = resource(workload("added", "10.1.0.3"));
        publish(Map.of(TypeUrl.ADDRESS, new Change(List.of(AddressCodec.encode(added)), List.of(gone.name()))));
        startServer(port, 4 << 20);
        await("the difference", () -> mesh.snapshot().equals(byName(cart, added)));
        assertThat(mesh.received).containsExactly(added.name());
    }

    @Test
    void bringsPoliciesBeforeTheWorkloadsThatListThem() throws Exception {
        publish(Map.of());
        connect("istio-system", "token").initialSyncDone().get(20, TimeUnit.SECONDS);
        for (int i = 0; i < 20; i++) {
            mesh.order.clear();
            publish(Map.of(
                    TypeUrl.ADDRESS,
                    put(resource(workload("cart", "10.1.0." + i))),
                    TypeUrl.AUTHORIZATION,
                    new Change(List.of(AuthorizationCodec.encode(policy("deny" + i))), List.of())));
            await("both", () -> mesh.order.size() == 2);
            assertThat(mesh.order).containsExactly("policies", "addresses");
        }
    }

    @Test
    void bringsALargeMeshInOneResponse() throws Exception {
        server.close();
        startServer(0, DiscoveryConfig.DEFAULT.maxResponseBytes());
        var many = new ArrayList<Versioned>();
        for (int i = 0; i < 20_000; i++) {
            many.add(AddressCodec.encode(
                    resource(workload("w" + i, "10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256, "cart"))));
        }
        publish(Map.of(TypeUrl.ADDRESS, new Change(many, List.of())));
        connect("istio-system", "token").initialSyncDone().get(60, TimeUnit.SECONDS);
        assertThat(mesh.snapshot()).hasSize(20_000);
        assertThat(mesh.updates).isEqualTo(1);
    }

    @Test
    void splitsLargeResponses() throws Exception {
        server.close();
        startServer(0, 2_000);
        var many = new MeshResource[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = resource(workload("w" + i, "10.1.1." + i));
        }
        publish(Map.of(TypeUrl.ADDRESS, put(many)));
        connect("istio-system", "token");
        await("all parts", () -> mesh.snapshot().equals(byName(many)));
        assertThat(mesh.updates).isGreaterThan(10);
    }

    @Test
    void turnsAwayWhoHasNoTokenOrSpeaksForAnother() {
        connect("istio-system", "stolen");
        await("refusal of the token", () -> hasFailed(ConnectionState.Reason.CONNECTION_ERROR, "UNAUTHENTICATED"));
        connect("shop", "token");
        await("refusal of the namespace", () -> hasFailed(ConnectionState.Reason.ERROR, "PERMISSION_DENIED"));
        assertThat(discovery.connections()).isEmpty();
    }

    private boolean hasFailed(ConnectionState.Reason reason, String text) {
        return states.stream()
                .anyMatch(state -> state instanceof ConnectionState.Disconnected(var why, var message)
                        && why == reason
                        && message.startsWith(text));
    }

    @Test
    void endsTheSessionOfAClientThatLeaves() throws Exception {
        publish(Map.of());
        var client = connect("istio-system", "token");
        client.initialSyncDone().get(20, TimeUnit.SECONDS);
        client.close();
        await("the end", () -> discovery.streams() == 0 && client.state() instanceof ConnectionState.Closed);
    }

    @Test
    void startsFromTheNewestSnapshotOnly() throws Exception {
        for (int i = 0; i < 50; i++) {
            publish(Map.of(TypeUrl.ADDRESS, put(resource(workload("cart", "10.1.0." + i)))));
        }
        connect("istio-system", "token").initialSyncDone().get(20, TimeUnit.SECONDS);
        assertThat(mesh.snapshot()).isEqualTo(byName(resource(workload("cart", "10.1.0.49"))));
        assertThat(mesh.received).hasSize(1);
        assertThat(hub.current().version()).isEqualTo(50);
        assertThat(ResourceSnapshot.EMPTY.version()).isZero();
    }

    private static final class RecordingListener implements MeshListener {
        final Map<String, MeshResource> addresses = new HashMap<>();
        final Map<String, dev.gossamer.core.policy.AuthorizationPolicy> policies =
                new java.util.concurrent.ConcurrentHashMap<>();
        final List<String> received = new CopyOnWriteArrayList<>();
        final List<String> order = new CopyOnWriteArrayList<>();
        volatile int updates;

        @Override
        public synchronized void onAddresses(List<MeshResource> changed, List<String> removed) {
            updates++;
            order.add("addresses");
            removed.forEach(addresses::remove);
            for (var resource : changed) {
                received.add(resource.name());
                addresses.put(resource.name(), resource);
            }
        }

        @Override
        public void onPolicies(List<PolicyUpdate> changed, List<String> removed) {
            order.add("policies");
            removed.forEach(policies::remove);
            changed.forEach(update -> policies.put(update.name(), update.policy()));
        }

        synchronized Map<String, MeshResource> snapshot() {
            return Map.copyOf(addresses);
        }
    }
}
