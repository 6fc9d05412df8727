package dev.gossamer.node.redirect;

import dev.gossamer.net.linux.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Runs a program inside a network namespace. Thread-safe. */
final class SystemCommand {
    private static final int TIMEOUT_SECONDS = 10;

    /** How a program ended. */
    record Result(int exit, String output, String errors) {
        boolean isSuccess() {
            return exit == 0;
        }
    }

    private SystemCommand() {}

    /**
     * Runs {@code command} with {@code input} and waits for its end.
     *
     * @throws CommandFailedException if it cannot be started, or does not end
     */
    static Result run(Netns namespace, List<String> command, String input)
            throws CommandFailedException, InterruptedException {
        Process process;
        try {
            process = namespace.call(() -> new ProcessBuilder(command).start());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new CommandFailedException(
                    "cannot run " + command.getFirst() + " (package " + packageOf(command.getFirst()) + "): "
                            + e.getMessage(),
                    e);
        }
        try {
            return finish(process, command, input);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The same, for a program that must succeed. */
    static String require(Netns namespace, List<String> command, String input)
            throws CommandFailedException, InterruptedException {
        var result = run(namespace, command, input);
        if (!result.isSuccess()) {
            throw new CommandFailedException(String.join(" ", command) + " failed in " + namespace + ": "
                    + result.errors().strip());
        }
        return result.output();
    }

    private static Result finish(Process process, List<String> command, String input)
            throws CommandFailedException, InterruptedException {
        var output = CompletableFuture.supplyAsync(() -> readAll(process.inputReader()), Thread::startVirtualThread);
        var errors = CompletableFuture.supplyAsync(() -> readAll(process.errorReader()), Thread::startVirtualThread);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // It ended without reading: its exit and its errors say why.
        }
        try {
            if (!process.waitFor(Duration.ofSeconds(TIMEOUT_SECONDS))) {
                throw new CommandFailedException(
                        String.join(" ", command) + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            return new Result(process.exitValue(), output.get(), errors.get());
        } catch (ExecutionException e) {
            throw new CommandFailedException("reading the output of " + command.getFirst() + " failed", e);
        }
    }

    private static String readAll(BufferedReader reader) {
        try (reader) {
            return reader.readAllAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packageOf(String program) {
        return switch (program) {
            case "nft" -> "nftables";
            case "ip" -> "iproute2";
            default -> program;
        };
    }
}
