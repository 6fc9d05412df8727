package dev.gossamer.lab.containers;

import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code postStart} and {@code preStop} of one run of a container. Immutable. */
record LifecycleHooks(Probing probing, ContainerProcess process) {
    static final Duration POST_START_LIMIT = Duration.ofMinutes(2);

    /** Runs {@code handler} to its end; returns what went wrong, or null. */
    @Nullable
    String run(LifecycleHandler handler, Duration limit) throws InterruptedException {
        try {
            if (handler.getSleep() != null) {
                var sleep = Duration.ofSeconds(handler.getSleep().getSeconds());
                Thread.sleep(sleep.compareTo(limit) < 0 ? sleep : limit);
                return null;
            }
            if (handler.getHttpGet() != null) {
                return switch (probing.http(handler.getHttpGet(), limit)) {
                    case Probing.Outcome.Success _ -> null;
                    case Probing.Outcome.Failure failure -> failure.message();
                };
            }
            if (handler.getExec() != null) {
                return exec(handler.getExec().getCommand(), limit);
            }
            return "the lab has no lifecycle handlers of this kind: use exec, httpGet or sleep";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private @Nullable String exec(List<String> command, Duration limit) throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 2>&1", "hook"));
        argv.addAll(command);
        var started = process.exec(argv);
        try (var output = started.getInputStream()) {
            started.getOutputStream().close();
            if (!started.waitFor(limit)) {
                return "command timed out";
            }
            return started.exitValue() == 0
                    ? null
                    : "exit code " + started.exitValue() + ": "
                            + new String(output.readNBytes(4096), StandardCharsets.UTF_8).strip();
        } finally {
            started.destroyForcibly();
        }
    }
}
