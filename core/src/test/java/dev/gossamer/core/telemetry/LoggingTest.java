package dev.gossamer.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.lifecycle.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("takes over the logging of the process")
final class LoggingTest {
    @Test
    void writesWhatTheJdkLogsUnderATargetWithoutOurPrefix() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var _ = start("info", out)) {
            Logger.getLogger("dev.gossamer.ztunnel.Some").log(Level.WARNING, "port {0} is taken", "15001");
            Logger.getLogger("io.netty").fine("not shown");
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .endsWith("Z\twarn\tztunnel.Some\tport 15001 is taken\n")
                .containsOnlyOnce("\n");
    }

    @Test
    void changesAndResetsLevelsPerTarget() throws Exception {
        var out = new ByteArrayOutputStream();
        try (var logging = start("warn", out)) {
            var target = logging.target("access");
            assertThat(target.isEnabled(LogLevel.INFO)).isFalse();

            logging.setLevels(logging.levels().with("access=debug,ztunnel.inpod=trace"));
            assertThat(target.isEnabled(LogLevel.DEBUG)).isTrue();
            assertThat(Logger.getLogger("dev.gossamer.ztunnel.inpod.X").isLoggable(Level.FINEST))
                    .isTrue();
            assertThat(logging.levels()).hasToString("warn,access=debug,ztunnel.inpod=trace");

            logging.resetLevels();
            assertThat(target.isEnabled(LogLevel.DEBUG)).isFalse();
        }
    }

    @Test
    void dropsLinesInsteadOfWaitingWhenNobodyReads() throws Exception {
        var reader = new Semaphore(0);
        var written = new ByteArrayOutputStream();
        var out = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written in batches");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                reader.acquireUninterruptibly();
                written.write(bytes, offset, length);
            }
        };
        var logging = start("info", out);
        var target = logging.target("access");
        for (int i = 0; i < 30_000; i++) {
            target.log(LogLevel.INFO, "line", List.of());
        }
        reader.release(Integer.MAX_VALUE);
        logging.close();

        var text = written.toString(StandardCharsets.UTF_8);
        assertThat(text.contains(" log lines were dropped")).isTrue();
    }

    @Test
    void namesTheLevelsThatThereAre() {
        assertThatThrownBy(() -> LogLevels.parse("loud"))
                .hasMessageContaining("trace, debug, info, warn, error or off");
        assertThatThrownBy(() -> LogLevels.parse("=info")).hasMessageContaining("names no target");
    }

    private static Logging start(String levels, OutputStream out) {
        return Logging.start(LogLevels.parse(levels), LogFormat.PLAIN, out, TimeSource.SYSTEM);
    }
}
