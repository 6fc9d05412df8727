package dev.gossamer.ztunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.LogField;
import dev.gossamer.core.telemetry.LogLevel;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.pki.renew.CertificateStore;
import dev.gossamer.pki.renew.Timer;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.inpod.NodePods;
import dev.gossamer.ztunnel.inpod.ServedPod;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.Mesh;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.telemetry.Reports;
import dev.gossamer.ztunnel.telemetry.TrafficMetrics;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pods as network namespaces with real capture rules, served by one proxy in shared mode. Needs root. */
final class TwoPodsIT {
    private final String suffix =
            Long.toHexString(ProcessHandle.current().pid()) + Integer.toHexString(hashCode() & 0xff);
    private final String bridge = "zb" + suffix;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private TestPod web;
    private TestPod api;
    private TestPod outsider;
    private Loops loops;
    private CertificateStore store;
    private NodePods pods;
    private ServedPod servedWeb;
    private ServedPod servedApi;
    private ServerSocket app;

    @BeforeEach
    void start() throws Exception {
        TestPod.bridge(bridge, "10.231.7.254");
        web = new TestPod(bridge, "zw" + suffix, "10.231.7.1");
        api = new TestPod(bridge, "za" + suffix, "10.231.7.2");
        outsider = new TestPod(bridge, "zo" + suffix, "10.231.7.3");
        app = api.serve();
        startProxy();
    }

    private void startProxy() throws Exception {
        var config = ZtunnelConfig.read(Settings.of(Map.of("NODE_NAME", "node-1")));
        var authority = MeshOnLoopback.newAuthority("cluster.local");
        var mesh = new MeshState("node-1", LocalIdentityListener.NONE);
        mesh.onAddresses(
                List.of(
                        new MeshResource.OfWorkload(Mesh.pod("web", "10.231.7.1")),
                        new MeshResource.OfWorkload(Mesh.pod("api", "10.231.7.2"))),
                List.of());
        loops = Loops.start("it", 2);
        store = new CertificateStore(
                id -> CompletableFuture.completedFuture(MeshOnLoopback.issue(authority, id, Duration.ofHours(1))),
                Timer.on(loops.group()),
                TimeSource.SYSTEM,
                new Random(1));
        var certificates = new Certificates(store, TimeSource.SYSTEM, Executors.newVirtualThreadPerTaskExecutor());
        pods = new NodePods(loops, config, mesh, certificates, reports(), true, true);
    }

    private void enrol() throws Exception {
        servedWeb = pods.start(new LocalWorkloadKey("web", "shop", "web"), web.namespace());
        servedApi = pods.start(new LocalWorkloadKey("api", "shop", "api"), api.namespace());
        web.capture();
        api.capture();
    }

    @AfterEach
    void stop() throws Exception {
        app.close();
        pods.drain(Duration.ZERO);
        pods.close();
        store.close();
        loops.close();
        web.close();
        api.close();
        outsider.close();
        TestPod.remove(bridge);
    }

    @Test
    void carriesTrafficBetweenPodsInATunnelAndKeepsTheClientsAddress() throws Exception {
        enrol();
        for (int i = 0; i < 50; i++) {
            try (var socket = web.connect(api.address(), app.getLocalPort())) {
                assertThat(greeting(socket)).isEqualTo("10.231.7.1");
                socket.getOutputStream().write("ping\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(greeting(socket)).isEqualTo("ping");
            }
        }
        MeshOnLoopback.await("both ends' lines", () -> log.size() == 100);
        assertThat(log)
                .allMatch(line -> line.contains("spiffe://cluster.local/ns/shop/sa/web"))
                .anyMatch(line -> line.contains("dst.addr=10.231.7.2:15008") && line.contains("direction=outbound"))
                .noneMatch(line -> line.contains("error="));
        assertThat(api.inside(TwoPodsIT::establishedTunnels)).isBetween(1L, 2L);
    }

    @Test
    void takesAnOutsidersPlaintextWithItsAddress() throws Exception {
        enrol();
        try (var socket = outsider.connect(api.address(), app.getLocalPort())) {
            assertThat(greeting(socket)).isEqualTo("10.231.7.3");
        }
        MeshOnLoopback.await("its line", () -> log.stream().anyMatch(l -> l.contains("direction=inbound")));
        assertThat(log).noneMatch(line -> line.contains("identity"));
    }

    @Test
    void sendsToOutsidersAsItIs() throws Exception {
        enrol();
        try (var elsewhere = outsider.serve();
                var socket = web.connect(outsider.address(), elsewhere.getLocalPort())) {
            assertThat(greeting(socket)).isEqualTo("10.231.7.1");
        }
    }

    @Test
    void cutsNothingWhenAPodLeavesTheMeshAndLivesOn() throws Exception {
        enrol();
        try (var socket = web.connect(api.address(), app.getLocalPort())) {
            assertThat(greeting(socket)).isEqualTo("10.231.7.1");

            web.captureNothingNew();
            api.captureNothingNew();
            servedWeb.release();
            servedApi.release();

            MeshOnLoopback.await("the listeners to close", () -> !canConnect(web, 15001));
            socket.getOutputStream().write("still here\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(greeting(socket)).isEqualTo("still here");
            // What begins now goes past the proxy.
            try (var direct = web.connect(api.address(), app.getLocalPort())) {
                assertThat(greeting(direct)).isEqualTo("10.231.7.1");
            }
            assertThat(servedApi.connections().count()).isEqualTo(1);
        }
        MeshOnLoopback.await(
                "the last connection to end", () -> servedApi.connections().count() == 0);
    }

    @Test
    void endsWhatIsOpenWhenAPodIsDeleted() throws Exception {
        enrol();
        try (var socket = web.connect(api.address(), app.getLocalPort())) {
            assertThat(greeting(socket)).isEqualTo("10.231.7.1");

            api.unplug();
            servedApi.release();

            MeshOnLoopback.await(
                    "the connection to be cut", () -> servedApi.connections().count() == 0);
            assertThat(log).anyMatch(line -> line.contains("error=pod is gone"));
        }
    }

    private static long establishedTunnels() throws IOException {
        long count = 0;
        for (var table : new String[] {"tcp", "tcp6"}) {
            for (var line : Files.readAllLines(Path.of("/proc/thread-self/net", table))) {
                var columns = line.strip().split("\\s+");
                count += columns[3].equals("01") && columns[1].endsWith(":3AA0") ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean canConnect(TestPod pod, int port) {
        try (var _ = pod.connect(pod.address(), port)) {
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** One line, byte by byte: what follows is left in the socket. */
    private static String greeting(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int c; (c = socket.getInputStream().read()) >= 0 && c != '\n'; ) {
            line.append((char) c);
        }
        return line.toString();
    }

    private Reports reports() {
        return new Reports(
                new TrafficMetrics(),
                new Reports.AccessSink() {
                    @Override
                    public boolean isEnabled(LogLevel level) {
                        return level != LogLevel.DEBUG;
                    }

                    @Override
                    public void log(LogLevel level, String message, List<LogField> fields) {
                        log.add(level.text() + " " + message + " " + LogLines.text(fields));
                    }
                },
                TimeSource.SYSTEM);
    }
}
