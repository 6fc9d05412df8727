package dev.gossamer.lab;

import dev.gossamer.lab.topology.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether this machine can hold a lab, and what to change where it cannot. Immutable. */
record HostChecks(boolean root, String searchPath) {
    /** Program → package, the same on Debian, Ubuntu and Fedora but for {@code iproute}. */
    private static final Map<String, String> PROGRAMS = programs();

    /** Where administrators' programs are, also where an ordinary user's PATH leaves them out. */
    private static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static Map<String, String> programs() {
        var programs = new LinkedHashMap<String, String>();
        programs.put("ip", "iproute2");
        programs.put("nft", "nftables");
        programs.put("unshare", "util-linux");
        programs.put("nsenter", "util-linux");
        programs.put("setsid", "util-linux");
        programs.put("mount", "mount");
        programs.put("bash", "bash");
        return programs;
    }

    static HostChecks ofThisMachine(String path) {
        return new HostChecks("root".equals(System.getProperty("user.name")), path + ":" + SYSTEM_PATH);
    }

    /**
     * Makes sure that every program is there; root on Debian or Ubuntu gets what is missing installed.
     *
     * @throws LabException if one is missing, naming its package
     */
    void requirePrograms(Consumer<String> progress) throws LabException, InterruptedException {
        var packages = missingPackages();
        if (packages.isEmpty()) {
            return;
        }
        if (!root || find("apt-get") == null) {
            throw new LabException("this machine lacks programs that a lab needs: install the package(s) "
                    + String.join(", ", packages) + (root ? "" : " (as root, or run this command as root once)"));
        }
        progress.accept("installing " + String.join(", ", packages) + " with apt-get");
        var names = String.join(" ", packages);
        try {
            Command.run(List.of(
                    "sh",
                    "-c",
                    "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "
                            + names));
        } catch (IOException e) {
            throw new LabException("installing " + names + " failed, do it by hand: " + e.getMessage(), e);
        }
        var still = missingPackages();
        if (!still.isEmpty()) {
            throw new LabException("after installing " + names + " programs of these are still missing: " + still);
        }
    }

    private List<String> missingPackages() {
        var packages = new TreeSet<String>();
        PROGRAMS.forEach((program, of) -> {
            if (find(program) == null) {
                packages.add(of);
            }
        });
        return List.copyOf(packages);
    }

    private @Nullable Path find(String program) {
        for (var directory : searchPath.split(":")) {
            var path = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        return null;
    }

    /**
     * Tries what the lab is built on: namespaces.
     *
     * @throws LabException if they are refused, naming the setting that refuses
     */
    void requireNamespaces() throws LabException, InterruptedException {
        var probe = new ArrayList<>(unshare());
        probe.addAll(List.of("sh", "-c", "mount -t tmpfs tmpfs /run && ip link set lo up"));
        var builder = new ProcessBuilder(probe).redirectErrorStream(true);
        builder.environment().put("PATH", searchPath);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new LabException("this machine does not let " + (root ? "root" : "you") + " make namespaces: "
                        + reason(output.strip()));
            }
        } catch (IOException e) {
            throw new LabException("cannot run unshare: " + e.getMessage(), e);
        }
    }

    /** The command that puts what follows it into a lab's namespaces. */
    List<String> unshare() {
        var command = new ArrayList<>(List.of("unshare"));
        if (!root) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"));
        return command;
    }

    private String reason(String output) {
        if (root) {
            return "it seems to be a container without the capability SYS_ADMIN (docker run --privileged, or run the lab on the"
                    + " host). unshare said: " + output;
        }
        for (var knob : KNOBS) {
            if (knob.refuses(value(knob.file()))) {
                return knob.file() + " is " + value(knob.file()) + ": " + knob.remedy() + " (or run the lab as root)";
            }
        }
        if ("2".equals(value(Path.of("/proc/self/status"), "Seccomp:"))) {
            return "a seccomp filter is in force, as in Docker's default profile: start the container with"
                    + " --security-opt seccomp=unconfined, or run the lab on the host. unshare said: " + output;
        }
        return "run the lab as root. unshare said: " + output;
    }

    /** A kernel setting that can forbid user namespaces. Immutable. */
    private record Knob(Path file, String refusal, String remedy) {
        boolean refuses(@Nullable String value) {
            return refusal.equals(value);
        }
    }

    private static final List<Knob> KNOBS = List.of(
            new Knob(
                    Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
                    "1",
                    "AppArmor restricts user namespaces; allow them with"
                            + " 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0'"),
            new Knob(
                    Path.of("/proc/sys/kernel/unprivileged_userns_clone"),
                    "0",
                    "allow user namespaces with 'sudo sysctl kernel.unprivileged_userns_clone=1'"),
            new Knob(
                    Path.of("/proc/sys/user/max_user_namespaces"),
                    "0",
                    "allow user namespaces with 'sudo sysctl user.max_user_namespaces=10000'"));

    private static @Nullable String value(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String value(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).strip())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
