package dev.gossamer.ztunnel.inpod;

import dev.gossamer.ztunnel.pod.LiveConnections;

/** A pod that is being served. Thread-safe. */
public interface ServedPod {
    LiveConnections connections();

    /**
     * The pod is no longer to be served: nothing new is taken, what is open may end by itself, for the pod may live on
     * without us.
     */
    void release();
}
