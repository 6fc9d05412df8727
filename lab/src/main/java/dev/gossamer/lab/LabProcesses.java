package dev.gossamer.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The processes that hold a lab: {@code unshare}, the lab's first process, its runtime.
 *
 * <p>Found by an argument that they all carry, so that no file can be missing or stale. Pods are not among them: they
 * live in the lab's process namespace and end with its first process. Immutable.
 */
record LabProcesses(String marker) {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    static LabProcesses of(LabDirectory directory) {
        return new LabProcesses(RuntimeSettings.STATE + "=" + directory.path());
    }

    List<ProcessHandle> find() throws LabException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(this::isOurs)
                    .map(path -> Long.parseLong(path.getFileName().toString()))
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                    .toList();
        } catch (IOException e) {
            throw new LabException("cannot list this machine's processes: " + e, e);
        }
    }

    private boolean isOurs(Path process) {
        try {
            var arguments = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            return Arrays.asList(arguments.split("\0")).contains(marker);
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    /** Ends all of them, and with the first process everything in its namespaces; returns when they are gone. */
    boolean kill() throws LabException, InterruptedException {
        var found = find();
        for (var process : found) {
            if (!process.destroyForcibly() && process.isAlive()) {
                throw new LabException("process " + process.pid() + " of the lab cannot be ended: it belongs to "
                        + process.info().user().orElse("another user") + ", who has to run this command");
            }
        }
        for (var process : found) {
            awaitEnd(process);
        }
        return !found.isEmpty();
    }

    private static void awaitEnd(ProcessHandle process) throws LabException, InterruptedException {
        try {
            process.onExit().get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LabException(
                    "process " + process.pid() + " of the lab does not end: see ps -p " + process.pid(), e);
        }
    }
}
