package dev.gossamer.node.pods;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds pods' network namespaces. Thread-safe. */
@FunctionalInterface
public interface PodNamespaces {
    /**
     * Opens the namespace of the pod with this uid; nothing if it has none (yet, or any more).
     *
     * @throws IOException if it is there and cannot be opened
     */
    Optional<Netns> open(String podUid) throws IOException;

    /** Each namespace is a file in {@code directory}, named by the pod's uid. */
    static PodNamespaces inDirectory(Path directory) {
        return uid -> {
            var file = directory.resolve(uid);
            return Files.exists(file) ? Optional.of(Netns.open(file)) : Optional.empty();
        };
    }

    /** Through the processes of the pod, as {@code proc} shows them. */
    static PodNamespaces ofProcesses(Path proc) {
        return new ProcessNamespaces(proc);
    }
}
