package dev.gossamer.control.snapshot;

import java.time.Duration;

/** Is told of each new version of the mesh, for metrics. Called by the builder's thread. */
@FunctionalInterface
public interface PublicationListener {
    /**
     * Called just before proxies can see the version.
     *
     * @param version of the snapshot
     * @param observedNanos when the first of its changes was observed, as {@link System#nanoTime}
     * @param building how long it took to make
     */
    void onPublication(long version, long observedNanos, Duration building, int workloadsAndServices, int policies);
}
