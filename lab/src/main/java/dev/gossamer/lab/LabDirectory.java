package dev.gossamer.lab;

import dev.gossamer.core.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a lab keeps what outlives its processes: kubeconfig, logs, the port.
 *
 * <p>Immutable; the files change.
 */
record LabDirectory(String name, Path path) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");

    /** The directory of the lab of this name, which need not exist. */
    static LabDirectory of(String name, Settings environment) throws LabException {
        if (!NAME.matcher(name).matches()) {
            throw new LabException("a lab cannot be called '" + name
                    + "': use lower-case letters, digits and dashes, 40 characters at the most");
        }
        return new LabDirectory(name, root(environment).resolve(name));
    }

    /** Every lab that has a directory. */
    static List<LabDirectory> all(Settings environment) throws LabException {
        var root = root(environment);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (var entries = Files.list(root)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> new LabDirectory(path.getFileName().toString(), path))
                    .sorted(Comparator.comparing(LabDirectory::name))
                    .toList();
        } catch (IOException e) {
            throw new LabException("cannot list the labs in " + root + ": " + e.getMessage(), e);
        }
    }

    private static Path root(Settings environment) throws LabException {
        var given = environment.optionalText("XDG_STATE_HOME");
        var home = environment.text("HOME", System.getProperty("user.home"));
        var state = given == null ? Path.of(home, ".local", "state") : Path.of(given);
        var root = state.toAbsolutePath().resolve("gossamer").resolve("labs");
        // The lab puts a file system of its own on /run, so nothing below it could be seen from both sides.
        if (root.startsWith("/run") || root.startsWith("/var/run")) {
            throw new LabException(
                    "a lab's state cannot be kept in " + root + ": set XDG_STATE_HOME to a directory outside /run");
        }
        return root;
    }

    void create() throws LabException {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new LabException(
                    "cannot make the directory " + path + ": " + e
                            + "; set XDG_STATE_HOME to a directory that you may write to",
                    e);
        }
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    Path kubeconfig() {
        return path.resolve("kubeconfig");
    }

    /** What the lab's runtime itself logs. */
    Path runtimeLog() {
        return path.resolve("runtime.log");
    }

    Path podLogs() {
        return path.resolve("pods");
    }

    /** Locked while a command starts the lab or takes it down. Beside the directory, as that comes and goes. */
    Path lock() {
        return path.resolveSibling("." + name + ".lock");
    }

    /** Exists once the lab has said that it is ready. */
    Path ready() {
        return path.resolve("ready");
    }

    void writePort(int port) throws IOException {
        Files.writeString(path.resolve("port"), port + "\n");
    }

    /** 0 if the lab never got as far as having one. */
    int port() {
        var file = path.resolve("port");
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    void delete() throws LabException {
        if (!exists()) {
            return;
        }
        try (var paths = Files.walk(path)) {
            for (var each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new LabException("cannot delete " + path + ": " + e + "; delete it by hand", e);
        }
    }
}
