package dev.gossamer.lab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.LogOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainerLogTest {
    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-02T03:04:05.5Z");
    private ContainerLog log;

    @BeforeEach
    void open() throws Exception {
        log = open(1 << 20);
    }

    private ContainerLog open(long bound) throws Exception {
        return new ContainerLog(directory.resolve("0.log"), bound, new TimeSource() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            public long nanoTime() {
                return 0;
            }
        });
    }

    private static LogOptions options(
            boolean follow, boolean timestamps, @Nullable Long tail, @Nullable Instant since) {
        return new LogOptions("c", follow, false, timestamps, tail, since, null);
    }

    private String read(LogOptions options) throws Exception {
        try (var reader = new LogReader(log, options)) {
            return new String(reader.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void keepsLinesAsTheyWere() throws Exception {
        log.copy(bytes("one\n\nthree ü\nwithout end"));
        assertThat(read(options(false, false, null, null))).isEqualTo("one\n\nthree ü\nwithout end\n");
    }

    @Test
    void knowsWhenEachLineWasWritten() throws Exception {
        log.append("one");
        assertThat(read(options(false, true, null, null))).isEqualTo("2026-01-02T03:04:05.500000000Z one\n");
    }

    @Test
    void beginsNearTheEnd() throws Exception {
        log.copy(bytes("1\n2\n3\n"));
        assertThat(read(options(false, false, 2L, null))).isEqualTo("2\n3\n");
        assertThat(read(options(false, false, 0L, null))).isEmpty();
        assertThat(read(options(false, false, 9L, null))).isEqualTo("1\n2\n3\n");
    }

    @Test
    void leavesOutWhatIsOlder() throws Exception {
        log.append("old");
        now = now.plus(Duration.ofSeconds(10));
        log.append("new");
        assertThat(read(options(false, false, null, now.minusSeconds(5)))).isEqualTo("new\n");
    }

    @Test
    void endsAtTheLimit() throws Exception {
        log.copy(bytes("12345\n67890\n"));
        assertThat(read(new LogOptions("c", false, false, false, null, null, 8L)))
                .isEqualTo("12345\n67");
    }

    @Test
    void cutsALineThatDoesNotEnd() throws Exception {
        log.copy(bytes("x".repeat(70_000)));
        assertThat(read(options(false, false, null, null)).lines().map(String::length))
                .containsExactly(65536, 70_000 - 65536);
    }

    @Test
    void isBoundedAndKeepsTheNewest() throws Exception {
        log.close();
        log = open(500);
        for (int i = 0; i < 200; i++) {
            log.append("line " + i);
        }
        var text = read(options(false, false, null, null));
        assertThat(text).endsWith("line 199\n").doesNotContain("line 1\n");
        assertThat(directory.toFile().listFiles()).hasSize(2);
    }

    @Test
    void followsOverARotationUntilTheEnd() throws Exception {
        log.close();
        log = open(200);
        log.append("line 0");
        var read = new CompletableFuture<String>();
        var reader = new LogReader(log, options(true, false, null, null));
        Thread.ofVirtual().start(() -> {
            try (reader) {
                read.complete(new String(reader.readAllBytes(), StandardCharsets.UTF_8));
            } catch (Exception e) {
                read.completeExceptionally(e);
            }
        });
        var expected = new StringBuilder("line 0\n");
        for (int i = 1; i < 4; i++) {
            log.append("line " + i);
            expected.append("line ").append(i).append('\n');
        }
        log.close();
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(expected.toString());
    }
}
