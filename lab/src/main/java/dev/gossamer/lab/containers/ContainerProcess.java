package dev.gossamer.lab.containers;

import dev.gossamer.lab.topology.Command;
import dev.gossamer.lab.volumes.Mount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container's process: leader of a session of its own, in the pod's network namespace and a mount namespace of its
 * own. Thread-safe.
 */
final class ContainerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerProcess.class);
    private static final String ENTRY = "enter.sh";
    private static final Duration ENTRY_POLL = Duration.ofMillis(3);
    /** Where a container finds programs if neither its image nor its spec says. */
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final LaunchSpec spec;
    private final Process process;
    private final Thread copier;
    private final Set<Process> commands = ConcurrentHashMap.newKeySet();

    private ContainerProcess(LaunchSpec spec, Process process, Thread copier) {
        this.spec = spec;
        this.process = process;
        this.copier = copier;
    }

    /**
     * Starts the process and returns when its file system is put together, so that others may enter; or when it has
     * ended before that. What it writes goes to {@code log}, which is closed after it.
     */
    static ContainerProcess start(LaunchSpec spec, ContainerLog log) throws IOException, InterruptedException {
        var script = spec.scratch().resolve(ENTRY);
        try (var source = Objects.requireNonNull(ContainerProcess.class.getResourceAsStream(ENTRY), ENTRY)) {
            Files.write(script, source.readAllBytes());
        }
        var mounts = spec.scratch().resolve("mounts");
        Files.writeString(mounts, mountLines(spec));
        var argv = new ArrayList<>(List.of(
                "setsid",
                "nsenter",
                "--net=" + spec.namespace().file(),
                "unshare",
                "--mount",
                "--uts",
                // Namespaces of pods that come later are to be seen by those who look for them: the node agent.
                "--propagation",
                "slave",
                "/bin/bash",
                script.toString(),
                mounts.toString(),
                spec.scratch().toString(),
                spec.hostname(),
                spec.workingDirectory()));
        argv.addAll(spec.command());
        var process = builder(argv, spec).redirectErrorStream(true).start();
        var copier = Thread.ofVirtual().name("log-" + log.file()).start(() -> copy(process, log));
        var entered = spec.scratch().resolve("entered");
        while (!Files.exists(entered) && process.isAlive()) {
            Thread.sleep(ENTRY_POLL);
        }
        return new ContainerProcess(spec, process, copier);
    }

    private static ProcessBuilder builder(List<String> argv, LaunchSpec spec) {
        var builder = new ProcessBuilder(argv);
        var environment = builder.environment();
        environment.clear();
        environment.put("PATH", DEFAULT_PATH);
        environment.put("HOSTNAME", spec.hostname());
        environment.put("HOME", "/root");
        environment.putAll(spec.environment());
        return builder;
    }

    /** Parents first, so that a mount below another one is not hidden by it. */
    private static String mountLines(LaunchSpec spec) {
        var keep = spec.keep().stream().map(path -> "keep\t" + path + "\t\n").collect(Collectors.joining());
        return keep
                + spec.mounts().stream()
                        .sorted(Comparator.comparing(
                                (Mount mount) -> Path.of(mount.target()).getNameCount()))
                        .map(mount ->
                                (mount.readOnly() ? "ro" : "rw") + "\t" + mount.source() + "\t" + mount.target() + "\n")
                        .collect(Collectors.joining());
    }

    private static void copy(Process process, ContainerLog log) {
        try (log;
                var output = process.getInputStream()) {
            log.copy(output);
        } catch (IOException e) {
            LOG.warn("the log {} ends early: {}", log.file(), e.toString());
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    /** Waits for the end of the process, ends what it has left behind, and returns its exit code. */
    int waitFor() throws InterruptedException, IOException {
        int code = process.waitFor();
        // Nothing else ends children that outlive it: containers have no process namespace of their own.
        Command.run(List.of("sh", "-c", "kill -KILL -- -" + process.pid() + " 2>/dev/null || :"));
        commands.forEach(Process::destroyForcibly);
        copier.join(Duration.ofSeconds(1));
        return code;
    }

    /** Asks the process to end, and ends it when {@code grace} has passed. */
    void terminate(Duration grace) throws InterruptedException {
        // By its handle: Process.destroy would also close the pipe, and with it lose the program's last words.
        process.toHandle().destroy();
        if (!process.waitFor(grace)) {
            kill();
        }
    }

    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Starts a further program in the container: its namespaces, root, working directory and environment. */
    Process exec(List<String> command) throws IOException {
        var argv = new ArrayList<>(List.of(
                "nsenter", "--target", Long.toString(pid()), "--net", "--mount", "--uts", "--root", "--wd", "--"));
        argv.addAll(command);
        var started = builder(argv, spec).start();
        commands.add(started);
        // The set only serves to end what still runs with the container.
        Thread.ofVirtual().name("exec-" + started.pid()).start(() -> forget(started));
        return started;
    }

    private void forget(Process ended) {
        try {
            ended.waitFor();
            commands.remove(ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
