package dev.gossamer.lab.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs this machine's programs to their end. Thread-safe. */
public final class Command {
    private Command() {}

    /** Runs {@code argv} and returns what it wrote. */
    public static String run(List<String> argv) throws IOException, InterruptedException {
        return run(argv, "");
    }

    /**
     * Runs {@code argv} with {@code input} on its standard input and returns what it wrote.
     *
     * @throws IOException if there is no such program, or it ends with another code than 0; the message holds its own
     */
    public static String run(List<String> argv, String input) throws IOException, InterruptedException {
        var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A program that fails early does not read its input; its exit code and message say more than this.
                if (process.waitFor() == 0) {
                    throw e;
                }
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", argv) + " failed (exit code " + code + "): " + output.strip());
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
