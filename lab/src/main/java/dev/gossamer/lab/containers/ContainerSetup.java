package dev.gossamer.lab.containers;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.lab.topology.Namespace;
import dev.gossamer.lab.volumes.NamespaceObjects;
import dev.gossamer.lab.volumes.PodVolumes;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;

/**
 * What the containers of one pod have in common.
 *
 * <p>Immutable.
 *
 * @param place where the pod's processes and its node's are on the network
 * @param logs the directory of the pod's logs
 */
public record ContainerSetup(
        Pod pod,
        Place place,
        PodVolumes volumes,
        NamespaceObjects objects,
        ContainerEnvironment environment,
        ImageMap images,
        Path logs,
        TimeSource time) {
    /** Immutable. */
    public record Place(Namespace pod, String podIp, Namespace node) {}
}
