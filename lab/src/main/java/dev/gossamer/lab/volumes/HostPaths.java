package dev.gossamer.lab.volumes;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's own file system, as {@code hostPath} volumes see it: a directory per node, so that nodes do not share sockets
 * and pods do not write to this machine. What belongs to the kernel is passed through. Immutable.
 */
public record HostPaths(Path root) {
    private static final List<String> PASSED_THROUGH =
            List.of("/proc", "/sys", "/dev", "/lib/modules", "/run/netns", "/var/run/netns");

    /**
     * The file or directory that stands for a path of the node, made where the volume's type says so.
     *
     * @throws MissingObjectException if it does not exist and the type does not allow making it
     */
    Path resolve(HostPathVolumeSource source) throws MissingObjectException, IOException {
        var path = Path.of(source.getPath()).normalize();
        if (!path.isAbsolute()) {
            throw new MissingObjectException("a hostPath is an absolute path, not '" + source.getPath() + "'");
        }
        if (isPassedThrough(path)) {
            return path;
        }
        return make(root.resolve(withoutVarRun(path)), source);
    }

    /** {@code /var/run} is {@code /run}, on the node as on any Linux. */
    private static String withoutVarRun(Path path) {
        var text = path.toString();
        return (text.equals("/var/run") || text.startsWith("/var/run/") ? text.substring("/var".length()) : text)
                .substring(1);
    }

    private static boolean isPassedThrough(Path path) {
        return PASSED_THROUGH.stream().anyMatch(path::startsWith);
    }

    private static Path make(Path path, HostPathVolumeSource source) throws MissingObjectException, IOException {
        switch (type(source.getType())) {
            // No type asks for no check. A container runtime then makes a directory.
            case "", "DirectoryOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                }
            }
            case "FileOrCreate" -> {
                Files.createDirectories(path.getParent());
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            default -> {
                if (!Files.exists(path)) {
                    throw new MissingObjectException("hostPath " + source.getPath() + " of type " + source.getType()
                            + " does not exist on this node: pods see the node's own directory " + path);
                }
            }
        }
        return path;
    }

    private static String type(@Nullable String type) {
        return type == null ? "" : type;
    }
}
