package dev.gossamer.lab.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.TaskGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class DemoTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);

    private static DemoConfig config(DemoConfig.Target... targets) {
        return new DemoConfig("demo", "v1", 0, List.of(targets), 1000, 1_000_000, Duration.ZERO);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void callsByBothKindsOfConnectionWithoutLosingOne() throws Exception {
        try (var server = DemoServer.start(config(), List.of());
                var tasks = new TaskGroup("test")) {
            var target = new DemoConfig.Target("127.0.0.1", server.port());
            var lasting = new Caller(config(target), target, true, out);
            var fresh = new Caller(config(target), target, false, out);
            tasks.start(lasting::run);
            tasks.start(fresh::run);
            await(() -> lasting.counter().total() >= 50 && fresh.counter().total() >= 50);
            assertThat(lasting.counter().failures()).isZero();
            assertThat(lasting.counter().reconnects()).isZero();
            assertThat(fresh.counter().failures()).isZero();
            assertThat(server.stats()).contains("\"served\":").contains("\"failed\":0");
        }
    }

    @Test
    void countsACutConnectionAsFailureAndReconnect() throws Exception {
        try (var listener = new ServerSocket(0);
                var tasks = new TaskGroup("test")) {
            // Answers one request of each connection, then cuts it.
            tasks.start(() -> {
                while (true) {
                    try (var socket = listener.accept()) {
                        socket.getInputStream().read(new byte[1024]);
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                        .getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            var target = new DemoConfig.Target("127.0.0.1", listener.getLocalPort());
            var caller = new Caller(config(target), target, true, out);
            tasks.start(caller::run);
            await(() -> caller.counter().failures() >= 1 && caller.counter().reconnects() >= 1);
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("FAILED call");
        }
    }

    @Test
    void readsItsTargets() throws Exception {
        var config = DemoConfig.read(Settings.of(Map.of("TARGETS", "api-service:8080, frontend:80")));
        assertThat(config.targets())
                .containsExactly(new DemoConfig.Target("api-service", 8080), new DemoConfig.Target("frontend", 80));
    }

    @Test
    void namesATargetThatIsNone() {
        assertThatThrownBy(() -> DemoConfig.read(Settings.of(Map.of("TARGETS", "api-service"))))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'api-service' is not host:port");
    }
}
