package dev.gossamer.lab.pods;

import dev.gossamer.lab.topology.Namespace;
import dev.gossamer.lab.topology.NodeNetwork;
import dev.gossamer.lab.topology.PodNetwork;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;

/** Where a pod is on the network: a namespace of its own, or its node's. Immutable. */
sealed interface Sandbox {
    Namespace namespace();

    String address();

    void close(NodeNetwork node) throws IOException, InterruptedException;

    static Sandbox open(Pod pod, NodeNetwork node) throws IOException, InterruptedException {
        return Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
                ? new OfNode(node.namespace(), node.address())
                : new Own(node.addPod(pod.getMetadata().getUid()));
    }

    /** {@code hostNetwork}. */
    record OfNode(Namespace namespace, String address) implements Sandbox {
        @Override
        public void close(NodeNetwork node) {
            // The node goes on without the pod.
        }
    }

    record Own(PodNetwork network) implements Sandbox {
        @Override
        public Namespace namespace() {
            return network.namespace();
        }

        @Override
        public String address() {
            return network.address();
        }

        @Override
        public void close(NodeNetwork node) throws IOException, InterruptedException {
            node.removePod(network);
        }
    }
}
