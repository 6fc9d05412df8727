package dev.gossamer.node.pods;

import java.util.List;
import java.util.Map;

/**
 * What the agent needs to know of a pod. Immutable.
 *
 * @param ended whether its containers have ended for good
 * @param addresses its own; none before its network is there
 */
public record LocalPod(
        String uid,
        String name,
        String namespace,
        String serviceAccount,
        Map<String, String> labels,
        Map<String, String> annotations,
        boolean hostNetwork,
        boolean ended,
        List<String> addresses) {
    public LocalPod {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        addresses = List.copyOf(addresses);
    }

    /** For logs. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
