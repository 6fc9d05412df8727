package dev.gossamer.lab;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Labs started by a program of its own, as a user starts them, and perhaps as another user than the tests'.
 *
 * <p>Their classes are copied to where that user can read them. Confined to the test.
 */
final class LabPrograms implements AutoCloseable {
    private final Path home;
    private final List<String> prefix;
    private final Set<String> started = new LinkedHashSet<>();

    private LabPrograms(List<String> prefix) {
        this.prefix = prefix;
        try {
            // Not below /tmp, which one of the tests hides by a volume, nor in a home that only its owner may enter.
            this.home = Files.createTempDirectory(
                    Path.of("/var/tmp"),
                    "gossamer-it-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            writeLauncher();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LabPrograms asThisUser() {
        return new LabPrograms(List.of());
    }

    /** As the user of this number, if the tests run as root; otherwise as who runs them, an ordinary user already. */
    static LabPrograms asUser(int uid) {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        return new LabPrograms(
                isRoot ? List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups") : List.of());
    }

    private void writeLauncher() throws IOException {
        var classes = Files.createDirectory(home.resolve("classes"));
        var libraries = Files.createDirectory(home.resolve("lib"));
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var path = Path.of(entry);
            if (Files.isDirectory(path)) {
                copyTree(path, classes);
            } else if (Files.exists(path)) {
                Files.copy(path, libraries.resolve(path.getFileName()));
            }
        }
        var script = """
                #!/bin/bash
                role=$1
                shift
                case $role in
                  lab-runtime) main=dev.gossamer.lab.LabRuntime ;;
                  demo) main=dev.gossamer.lab.apps.Demo ;;
                  lab) main=dev.gossamer.lab.LabProgram ;;
                  *) exit 2 ;;
                esac
                exec '%1$s/bin/java' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
                  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -cp '%2$s/classes:%2$s/lib/*' $main "$@"
                """.formatted(System.getProperty("java.home"), home);
        var launcher = Files.writeString(home.resolve("gossamer"), script);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        var state = Files.createDirectory(home.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : paths.toList()) {
                var target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!Files.exists(target)) {
                    Files.copy(path, target);
                }
            }
        }
    }

    Path file(String name, String content) throws IOException {
        return Files.writeString(home.resolve(name), content);
    }

    /** Starts a lab and fails if that does not work. */
    void up(String name, String... flags) throws Exception {
        var arguments = new ArrayList<>(List.of("up", name));
        arguments.addAll(List.of(flags));
        var said = run(arguments.toArray(String[]::new));
        if (!said.endsWith("ready")) {
            throw new AssertionError("lab up failed: " + said);
        }
    }

    /** What the program says: its last line, or the whole message if it fails. */
    String run(String... arguments) throws Exception {
        started.add(arguments[1]);
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(home.resolve("gossamer").toString(), "lab"));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile("lab", ".out");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(home.toFile());
        builder.environment().put("GOSSAMER_HOME", home.toString());
        builder.environment().put("XDG_STATE_HOME", home.resolve("state").toString());
        builder.environment().put("HOME", home.toString());
        var process = builder.start();
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + command + ": " + Files.readString(output));
        }
        var said = Files.readString(output).strip();
        Files.delete(output);
        return process.exitValue() == 0 ? said.substring(said.lastIndexOf('\n') + 1) : said;
    }

    Path directory(String name) {
        return home.resolve("state/gossamer/labs").resolve(name);
    }

    KubernetesClient client(String name) throws IOException {
        var config = Config.fromKubeconfig(Files.readString(directory(name).resolve("kubeconfig")));
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    List<ProcessHandle> processes(String name) throws LabException {
        return new LabProcesses(RuntimeSettings.STATE + "=" + directory(name)).find();
    }

    @Override
    public void close() throws Exception {
        for (var name : List.copyOf(started)) {
            run("down", name);
        }
        try (var paths = Files.walk(home)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
