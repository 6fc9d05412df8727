package dev.gossamer.lab;

import dev.gossamer.core.config.Settings;
import dev.gossamer.lab.containers.ImageMap;
import dev.gossamer.lab.containers.InvalidImageMapException;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Labs of this machine, from outside: started, listed, taken down.
 *
 * <p>Immutable; the labs are processes of their own and outlive this one.
 */
public final class Lab {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final int MAX_PORTS_TRIED = 50;
    private static final int LOCK_TRIES = 50;
    private static final Duration LOCK_PAUSE = Duration.ofMillis(100);
    private static final int LOG_LINES_SHOWN = 15;
    /** What runs as the lab's first process: it collects orphaned processes, which a JVM does not. */
    private static final String FIRST_PROCESS = """
            mount -t tmpfs -o mode=755 tmpfs /run && mkdir -p /run/netns /run/gossamer &&
              mount --bind /run/netns /run/netns && mount --make-shared /run/netns || exit 1
            "$@" &
            wait $!
            """;

    private final Map<String, String> variables;
    private final Path home;

    private Lab(Map<String, String> variables, Path home) {
        this.variables = Map.copyOf(variables);
        this.home = home;
    }

    /**
     * The labs of the user who runs this process.
     *
     * @throws LabException if it is not known where Gossamer's launcher stands
     */
    public static Lab ofThisUser() throws LabException {
        var environment = Settings.ofEnvironment();
        return of(environment.withPrefix(""));
    }

    /** As {@link #ofThisUser}, with another environment. */
    static Lab of(Map<String, String> environment) throws LabException {
        var home = environment.get("GOSSAMER_HOME");
        if (home == null || home.isEmpty()) {
            throw new LabException("GOSSAMER_HOME is not set: run this through the launcher ./gossamer, which sets it");
        }
        return new Lab(environment, Path.of(home).toAbsolutePath());
    }

    private Settings environment() {
        return Settings.of(variables);
    }

    /**
     * Starts a lab and returns when it is ready; it stays when this process ends.
     *
     * @param progress gets one line for each step
     * @throws LabException if it cannot be started; then nothing of it is left
     */
    public LabStatus up(LabOptions options, Consumer<String> progress) throws LabException, InterruptedException {
        var directory = LabDirectory.of(options.name(), environment());
        var host = HostChecks.ofThisMachine(variables.getOrDefault("PATH", ""));
        check(options);
        host.requirePrograms(progress);
        host.requireNamespaces();
        try (var _ = lock(directory)) {
            requireAbsent(directory);
            directory.create();
            boolean isReady = false;
            try (var listener = listen(options, directory)) {
                start(options, directory, host, listener);
                awaitReady(listener, directory, progress);
                isReady = true;
            } finally {
                if (!isReady) {
                    LabProcesses.of(directory).kill();
                    directory.delete();
                }
            }
        } catch (IOException e) {
            throw new LabException("starting the lab failed: " + e.getMessage(), e);
        }
        return statusOf(directory);
    }

    private static void check(LabOptions options) throws LabException {
        if (options.nodes() < 1 || options.nodes() > 20) {
            throw new LabException("a lab has 1 to 20 nodes, not " + options.nodes());
        }
        var port = options.port();
        if (port != null && (port < 1 || port > 65535)) {
            throw new LabException("a port is a number from 1 to 65535, not " + port);
        }
        var images = options.images();
        if (images != null) {
            try {
                // Read here too, so that a mistake in it is told before anything is started.
                var _ = ImageMap.builtIn(Path.of("/"), Map.of()).with(images);
            } catch (InvalidImageMapException e) {
                throw new LabException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private static FileChannel awaitLock(LabDirectory directory) throws LabException, InterruptedException {
        for (int i = 0; i < LOCK_TRIES; i++) {
            try {
                return lock(directory);
            } catch (LabException _) {
                // The other command still holds it; the last try below says so, should it never let go.
                Thread.sleep(LOCK_PAUSE);
            }
        }
        return lock(directory);
    }

    private static FileChannel lock(LabDirectory directory) throws LabException {
        try {
            Files.createDirectories(directory.lock().getParent());
            var channel = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new LabException(
                        "lab '" + directory.name() + "' is being started or taken down by another command");
            }
            return channel;
        } catch (IOException e) {
            throw new LabException(
                    "cannot write to " + directory.lock() + ": " + e + "; set XDG_STATE_HOME to a directory of yours",
                    e);
        }
    }

    private static void requireAbsent(LabDirectory directory) throws LabException {
        if (!LabProcesses.of(directory).find().isEmpty()) {
            throw new LabException("lab '" + directory.name()
                    + "' runs already: take it down with 'gossamer lab down" + nameFlag(directory.name())
                    + "', or start another one beside it with --name");
        }
        // What a lab that was killed has left behind.
        directory.delete();
    }

    private static String nameFlag(String name) {
        return name.equals(LabOptions.DEFAULT_NAME) ? "" : " --name " + name;
    }

    private static StartListener listen(LabOptions options, LabDirectory directory) throws LabException, IOException {
        var wanted = options.port();
        int first = wanted == null ? LabOptions.DEFAULT_PORT : wanted;
        int last = wanted == null ? first + MAX_PORTS_TRIED : first;
        PortTakenException taken = null;
        for (int port = first; port <= last; port++) {
            try {
                return StartListener.open(port, directory.path());
            } catch (PortTakenException e) {
                taken = e;
            }
        }
        throw new LabException(
                (wanted == null ? "no port from " + first + " to " + last + " is free; " : "")
                        + (taken == null ? "" : taken.getMessage()) + ": choose another one with --port",
                taken);
    }

    private void start(LabOptions options, LabDirectory directory, HostChecks host, StartListener listener)
            throws IOException {
        var settings = new RuntimeSettings(
                directory.path(),
                listener.socket(),
                listener.port(),
                options.nodes(),
                options.bare(),
                options.profile(),
                absolute(options.images()),
                absolute(options.data()),
                home);
        directory.writePort(listener.port());
        // A session of its own, so that neither Ctrl-C nor a closed terminal reaches the lab.
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(host.unshare());
        command.addAll(List.of("bash", "-c", FIRST_PROCESS, "gossamer-lab"));
        command.add(home.resolve("gossamer").toString());
        command.add("lab-runtime");
        command.addAll(settings.arguments());
        var builder = new ProcessBuilder(command)
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.runtimeLog().toFile());
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().put("PATH", host.searchPath());
        builder.start();
    }

    private static @Nullable Path absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath();
    }

    private static void awaitReady(StartListener listener, LabDirectory directory, Consumer<String> progress)
            throws LabException, IOException, InterruptedException {
        while (true) {
            var message = listener.next(START_LIMIT);
            switch (message) {
                case null ->
                    throw new LabException("the lab has said nothing for " + START_LIMIT.toMinutes()
                            + " minutes, so it was ended" + lastLines(directory));
                case StartMessage.Step(var text) -> progress.accept(text);
                case StartMessage.Failed(var reason) ->
                    throw new LabException("the lab did not start: " + reason + lastLines(directory));
                case StartMessage.Ready() -> {
                    Files.createFile(directory.ready());
                    return;
                }
            }
        }
    }

    private static String lastLines(LabDirectory directory) throws IOException {
        if (!Files.exists(directory.runtimeLog())) {
            return "";
        }
        var lines = Files.readAllLines(directory.runtimeLog());
        var last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        return last.isEmpty() ? "" : "\nits last words were:\n  " + String.join("\n  ", last);
    }

    /**
     * Ends a lab, whatever state it is in, and removes what it has left on this machine.
     *
     * @return false if there was nothing to end or to remove
     */
    public boolean down(String name) throws LabException, InterruptedException {
        var directory = LabDirectory.of(name, environment());
        // A start that is under way fails when its processes are gone, and lets go of the lock.
        boolean wasStarting = LabProcesses.of(directory).kill();
        try (var _ = awaitLock(directory)) {
            boolean wasRunning = LabProcesses.of(directory).kill() || wasStarting;
            boolean hadFiles = directory.exists();
            directory.delete();
            return wasRunning || hadFiles;
        } catch (IOException e) {
            throw new LabException("taking down lab '" + name + "' failed: " + e.getMessage(), e);
        }
    }

    /**
     * How a lab is.
     *
     * @throws LabException if there is none of this name; the message says which there are
     */
    public LabStatus status(String name) throws LabException {
        return statusOf(existing(name));
    }

    /** Every lab of this user. */
    public List<LabStatus> list() throws LabException {
        var found = new ArrayList<LabStatus>();
        for (var directory : LabDirectory.all(environment())) {
            found.add(statusOf(directory));
        }
        return found;
    }

    /** The shell command that makes kubectl use the lab. */
    public String env(String name) throws LabException {
        return "export KUBECONFIG='" + kubeconfig(name).toString().replace("'", "'\\''") + "'";
    }

    /** The file that lets kubectl and client libraries in. */
    public Path kubeconfig(String name) throws LabException {
        var directory = existing(name);
        if (!Files.exists(directory.kubeconfig())) {
            throw new LabException("lab '" + name + "' has no kubeconfig: it did not get that far; look at "
                    + directory.runtimeLog() + ", then take it down with 'gossamer lab down" + nameFlag(name) + "'");
        }
        return directory.kubeconfig();
    }

    private LabDirectory existing(String name) throws LabException {
        var directory = LabDirectory.of(name, environment());
        if (directory.exists()) {
            return directory;
        }
        var names =
                LabDirectory.all(environment()).stream().map(LabDirectory::name).toList();
        throw new LabException(
                names.isEmpty()
                        ? "there is no lab: start one with 'gossamer lab up'"
                        : "there is no lab '" + name + "'; there are: " + String.join(", ", names));
    }

    private static LabStatus statusOf(LabDirectory directory) throws LabException {
        var processes = LabProcesses.of(directory).find();
        var port = directory.port();
        LabStatus.State state;
        if (processes.isEmpty()) {
            state = LabStatus.State.DEAD;
        } else {
            state = Files.exists(directory.ready()) && answers(port)
                    ? LabStatus.State.RUNNING
                    : LabStatus.State.STARTING;
        }
        long pid = processes.stream().mapToLong(ProcessHandle::pid).min().orElse(0);
        return new LabStatus(directory.name(), state, pid, port, directory.path(), directory.kubeconfig());
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), (int) ANSWER_LIMIT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
