package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Removes pods that no node will ever see to: those of nodes that are gone, and deleted ones that never got a node. */
final class PodGarbageController implements Controller {
    /** A node that registers again within this time finds its pods as it left them. */
    private static final Duration QUARANTINE = Duration.ofSeconds(10);

    private final Cluster cluster;

    /** When a node was first missed, in the time source's nanoseconds. Confined to the reconciling thread. */
    private final Map<String, Long> missedSince = new HashMap<>();

    PodGarbageController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "podgc";
    }

    /** One request stands for a node, all of whose pods share its fate; the empty one for pods without. */
    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.NODES)) {
            return List.of(new Request("", object.getMetadata().getName()));
        }
        return object instanceof Pod pod ? List.of(new Request("", node(pod))) : List.of();
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var node = request.name();
        if (node.isEmpty()) {
            pods(node).filter(Objects::isBeingDeleted).forEach(cluster::forceDelete);
            return null;
        }
        if (cluster.view().get(Kinds.NODES, "", node) != null
                || pods(node).findAny().isEmpty()) {
            missedSince.remove(node);
            return null;
        }
        long now = cluster.time().nanoTime();
        var left = QUARANTINE.minusNanos(now - missedSince.computeIfAbsent(node, _ -> now));
        if (left.isPositive()) {
            return left;
        }
        pods(node).forEach(cluster::forceDelete);
        return null;
    }

    private java.util.stream.Stream<Pod> pods(String node) {
        return cluster.view().listAll(Kinds.PODS).stream()
                .filter(pod -> node(pod).equals(node));
    }

    private static String node(Pod pod) {
        var name = Pods.nodeName(pod);
        return name == null ? "" : name;
    }
}
