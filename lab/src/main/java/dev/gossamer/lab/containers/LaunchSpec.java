package dev.gossamer.lab.containers;

import dev.gossamer.lab.topology.Namespace;
import dev.gossamer.lab.volumes.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that is needed to start a container's process.
 *
 * <p>Immutable.
 *
 * @param keep directories that no mount may hide
 * @param scratch a directory of this run's own, for putting its file system together
 */
record LaunchSpec(
        Namespace namespace,
        List<Mount> mounts,
        List<Path> keep,
        Path scratch,
        String hostname,
        String workingDirectory,
        List<String> command,
        Map<String, String> environment) {
    LaunchSpec {
        mounts = List.copyOf(mounts);
        keep = List.copyOf(keep);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
