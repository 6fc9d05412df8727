package dev.gossamer.ztunnel;

import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.telemetry.LogField;
import dev.gossamer.core.telemetry.LogLevel;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.renew.CertificateSource;
import dev.gossamer.pki.renew.CertificateStore;
import dev.gossamer.pki.renew.Timer;
import dev.gossamer.xds.client.MeshListener.PolicyUpdate;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.inpod.PodProxy;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.pod.LiveConnections;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.Mesh;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.telemetry.Reports;
import dev.gossamer.ztunnel.telemetry.TrafficMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A client's and a server's proxy in one process: {@code client} at 127.0.0.1, {@code server} at 127.0.0.2, whose
 * application is {@code target}. Connections to {@link #captured} are taken as meant for {@code target}.
 */
final class MeshOnLoopback implements AutoCloseable {
    static final Workload CLIENT = Mesh.pod("client", "127.0.0.1");
    static final Workload SERVER = Mesh.pod("server", "127.0.0.2");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor();
    private final Loops loops = Loops.start("test", 2);
    final MeshState mesh = new MeshState("", LocalIdentityListener.NONE);
    final CertificateAuthority authority = newAuthority("cluster.local");
    final TrafficMetrics traffic = new TrafficMetrics();
    final List<String> log = new CopyOnWriteArrayList<>();
    final PodProxy client;
    final PodProxy server;
    private final List<CertificateStore> stores = new ArrayList<>();
    volatile InetSocketAddress target;

    /** Where each side's certificates come from; by default both from {@link #authority}. */
    volatile Function<SpiffeId, Svid> clientCertificates;

    volatile Function<SpiffeId, Svid> serverCertificates;

    MeshOnLoopback(InetSocketAddress target) throws Exception {
        this.target = target;
        clientCertificates = id -> issue(authority, id, Duration.ofHours(1));
        serverCertificates = clientCertificates;
        mesh.onAddresses(List.of(new MeshResource.OfWorkload(CLIENT), new MeshResource.OfWorkload(SERVER)), List.of());
        server = start("server", config(0), id -> serverCertificates.apply(id));
        client = start("client", config(server.addresses().getFirst().getPort()), id -> clientCertificates.apply(id));
    }

    private PodProxy start(String name, ZtunnelConfig config, Function<SpiffeId, Svid> certificates) throws Exception {
        CertificateSource source = id -> CompletableFuture.supplyAsync(() -> certificates.apply(id), worker);
        var store = new CertificateStore(source, Timer.on(loops.group()), TimeSource.SYSTEM, new Random(1));
        stores.add(store);
        var pod = new LocalPod(
                new LocalWorkloadKey(name, "shop", name),
                mesh,
                new PodSockets(loops, null, config.sockets(), false, false),
                new Certificates(store, TimeSource.SYSTEM, worker),
                new LiveConnections());
        // The client's own inbound listener takes any port, since the configured one is the server's.
        return PodProxy.start(pod, config, reports(name), new WindowBudget(8 << 20), _ -> target);
    }

    private Reports reports(String name) {
        return new Reports(
                traffic,
                new Reports.AccessSink() {
                    @Override
                    public boolean isEnabled(LogLevel level) {
                        return level != LogLevel.DEBUG;
                    }

                    @Override
                    public void log(LogLevel level, String message, List<LogField> fields) {
                        log.add(name + " " + level.text() + " " + message + " " + LogLines.text(fields));
                    }
                },
                TimeSource.SYSTEM);
    }

    private static ZtunnelConfig config(int peerInbound) throws Exception {
        var config = ZtunnelConfig.read(Settings.of(Map.of(
                "PROXY_MODE", "dedicated",
                "PROXY_WORKLOAD_INFO", "shop/x/x",
                "TLS_HANDSHAKE_TIMEOUT", "5s",
                "ENABLE_ORIG_SRC", "false")));
        return new ZtunnelConfig(
                config.mode(),
                config.node(),
                config.controlPlane(),
                new ZtunnelConfig.Ports(0, 0, 0, peerInbound, 0, 0, 0),
                config.sockets(),
                config.tunnels(),
                config.process(),
                config.effective());
    }

    /** A connection of the client's to {@link #target}, captured. */
    Socket captured() throws IOException {
        var socket = new Socket();
        socket.connect(
                new InetSocketAddress("127.0.0.1", client.addresses().get(2).getPort()), 5_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A stranger's connection to the server's application, captured. */
    Socket plaintext() throws IOException {
        var socket = new Socket();
        socket.connect(
                new InetSocketAddress("127.0.0.1", server.addresses().get(1).getPort()), 5_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    InetSocketAddress tunnelAddress() {
        return new InetSocketAddress("127.0.0.2", server.addresses().getFirst().getPort());
    }

    Loops loops() {
        return loops;
    }

    void policies(AuthorizationPolicy... policies) {
        var view = mesh.view();
        var gone = new ArrayList<String>();
        view.forEachPolicy(policy -> gone.add(policy.key()));
        mesh.onPolicies(
                Arrays.stream(policies).map(p -> new PolicyUpdate(p.key(), p)).toList(), gone);
        server.pod().connections().forEach(connection -> connection.review(mesh.view()));
    }

    /** Waits for a line of the access log that has all these parts. */
    String awaitLog(String... parts) throws InterruptedException {
        var found = new String[1];
        await("a log line with " + List.of(parts) + " among " + log, () -> {
            for (var line : log) {
                if (List.of(parts).stream().allMatch(line::contains)) {
                    found[0] = line;
                    return true;
                }
            }
            return false;
        });
        return found[0];
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(5);
        }
    }

    static CertificateAuthority newAuthority(String trustDomain) {
        return new CertificateAuthority(
                CertificateAuthority.newRoot(trustDomain, CertificateAuthority.KeyKind.ECDSA_P256, TimeSource.SYSTEM),
                AuthorityConfig.DEFAULT,
                TimeSource.SYSTEM);
    }

    static Svid issue(CertificateAuthority authority, SpiffeId identity, Duration validity) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var keys = generator.generateKeyPair();
            var issued = authority.issue(keys.getPublic(), identity, validity);
            var chain = new ArrayList<>(List.of(issued.leaf()));
            chain.addAll(issued.intermediates());
            return new Svid(identity, chain, keys.getPrivate(), authority.roots());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.drain();
        server.drain();
        client.cut("test over");
        server.cut("test over");
        stores.forEach(CertificateStore::close);
        worker.shutdownNow();
        loops.close();
    }
}
