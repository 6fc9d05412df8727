package dev.gossamer.bench.contender;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short program to its end. */
final class Command {
    private Command() {}

    static void run(List<String> words) throws IOException, InterruptedException {
        run(words, new byte[0]);
    }

    /** @throws IOException with what the program said, if it failed */
    static void run(List<String> words, byte[] input) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words) + ": " + said.strip());
        }
    }
}
