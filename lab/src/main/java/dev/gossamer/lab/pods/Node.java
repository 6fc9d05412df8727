package dev.gossamer.lab.pods;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.lab.containers.ImageMap;
import dev.gossamer.lab.topology.NodeNetwork;
import dev.gossamer.lab.volumes.HostPaths;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the pods of one node share.
 *
 * <p>Immutable.
 *
 * @param certificateAuthority of the API server, PEM: what pods get as {@code ca.crt}
 * @param directories where pods are kept on this machine
 */
public record Node(
        NodeNetwork network,
        KubernetesClient client,
        String certificateAuthority,
        ImageMap images,
        Directories directories,
        TimeSource time) {
    /** Pods, their logs, and the node's own file system as {@code hostPath} shows it. Immutable. */
    public record Directories(Path pods, Path logs, HostPaths hostPaths) {}

    String name() {
        return network.name();
    }

    /** What this machine has; the lab does not divide it among its nodes. */
    Map<String, Quantity> capacity() {
        return Map.of(
                "cpu", new Quantity(Integer.toString(Runtime.getRuntime().availableProcessors())),
                "memory", new Quantity(Machine.memoryKib() + "Ki"),
                "ephemeral-storage", new Quantity("100Gi"),
                "pods", new Quantity("250"));
    }
}
