package dev.gossamer.kube.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.server.json.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed in the middle of it: what it was told is stored must be there. */
final class KilledServerTest {
    @TempDir
    Path directory;

    @Test
    void losesNothingThatWasAcknowledged() throws Exception {
        int acknowledged = 0;
        for (int round = 0; round < 3; round++) {
            var writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx128m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            directory.toString(),
                            Integer.toString(acknowledged))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var lines =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                for (int i = 0; i < 150; i++) {
                    acknowledged = Integer.parseInt(lines.readLine());
                }
                // Not the process's own method, which would close the pipe with what is still in it.
                writer.toHandle().destroyForcibly();
                // What it still said before it died counts as well.
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    acknowledged = line.matches("\\d+") ? Math.max(acknowledged, Integer.parseInt(line)) : acknowledged;
                }
            }
            writer.waitFor();
            try (var store = Store.open(directory)) {
                for (int i = 1; i <= acknowledged; i++) {
                    assertThat(store.get(new Key("/things", "ns", "n" + i)))
                            .as("object " + i)
                            .isNotNull();
                }
                acknowledged = store.list("/things", "").entries().size();
            }
        }
        assertThat(acknowledged).isGreaterThanOrEqualTo(450);
    }

    /** Creates numbered objects and says each number once it is stored. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            try (var store = Store.open(Path.of(arguments[0]), 20_000)) {
                for (int i = Integer.parseInt(arguments[1]) + 1; ; i++) {
                    store.create(
                            new Key("/things", "ns", "n" + i), Json.object().put("value", i));
                    System.out.println(i);
                }
            }
        }
    }
}
