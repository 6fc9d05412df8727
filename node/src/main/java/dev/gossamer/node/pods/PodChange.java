package dev.gossamer.node.pods;

import java.util.Map;

/** What happened to the node's pods or to a namespace. Immutable. */
public sealed interface PodChange {
    record PodSeen(LocalPod pod) implements PodChange {}

    record PodGone(LocalPod pod) implements PodChange {}

    /** {@code labels}: none where the namespace is gone. */
    record NamespaceSeen(String name, Map<String, String> labels) implements PodChange {
        public NamespaceSeen {
            labels = Map.copyOf(labels);
        }
    }

    /** All that was there at the start has been told. */
    record Synced() implements PodChange {}
}
