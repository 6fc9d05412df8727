package dev.gossamer.node.pods;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds a pod's namespace through its processes: the pod's uid is part of their cgroup's name. Any process of a pod is as
 * good as another, as they share the namespace. Thread-safe.
 */
final class ProcessNamespaces implements PodNamespaces {
    private final Path proc;

    ProcessNamespaces(Path proc) {
        this.proc = proc;
    }

    @Override
    public Optional<Netns> open(String podUid) throws IOException {
        try (var host = Netns.open(proc.resolve("1/ns/net"))) {
            for (var process : processes()) {
                if (!belongsTo(process, podUid)) {
                    continue;
                }
                var found = openOf(process);
                // A process that has not entered the pod's namespace yet, or shares the node's.
                if (found.isPresent() && found.get().id().equals(host.id())) {
                    found.get().close();
                    continue;
                }
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private List<Path> processes() throws IOException {
        var found = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            entries.forEach(found::add);
        }
        return found;
    }

    /** The cgroup driver decides whether the uid stands there with dashes or, for systemd, with underscores. */
    private static boolean belongsTo(Path process, String podUid) {
        try {
            var cgroup = Files.readString(process.resolve("cgroup"));
            return cgroup.contains(podUid) || cgroup.contains(podUid.replace('-', '_'));
        } catch (IOException _) {
            // It has ended meanwhile.
            return false;
        }
    }

    private static Optional<Netns> openOf(Path process) {
        try {
            return Optional.of(Netns.open(process.resolve("ns/net")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
