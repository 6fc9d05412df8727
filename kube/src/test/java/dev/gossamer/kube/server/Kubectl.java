package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the real kubectl against a server. Thread-safe. */
final class Kubectl {
    /** What a run printed. Immutable. */
    record Run(int code, String out, String err) {}

    private final Path home;

    Kubectl(ApiServer server, Path home) throws IOException {
        this.home = home;
        Files.writeString(
                home.resolve("kubeconfig"), server.kubeconfig(server.uri().toString()));
    }

    /** Where kubectl is not installed, the test is skipped; in CI it fails. */
    static void require() {
        boolean found = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(found).as("kubectl is installed in CI").isTrue();
        }
        Assumptions.assumeTrue(found, "kubectl is not installed");
    }

    Run run(String input, List<String> arguments) throws IOException, InterruptedException {
        var process = start(arguments);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var err = new byte[1][];
        var reader = Thread.ofVirtual().start(() -> err[0] = readAll(process.getErrorStream()));
        var out = readAll(process.getInputStream());
        reader.join();
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as("kubectl " + arguments + " ends")
                .isTrue();
        return new Run(
                process.exitValue(),
                new String(out, StandardCharsets.UTF_8),
                new String(err[0], StandardCharsets.UTF_8));
    }

    Process start(List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", home.resolve("kubeconfig").toString());
        builder.environment().put("HOME", home.toString());
        return builder.start();
    }

    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
