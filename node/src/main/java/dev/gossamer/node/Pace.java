package dev.gossamer.node;

import java.time.Duration;

/**
 * How patient the agent is. Immutable.
 *
 * @param leavingGrace for how long a pod that leaves still takes tunnels, until all its peers know
 * @param askAgain after how long the node proxy is asked again to serve a pod
 * @param verifyEvery how often rules and annotation of a pod in the mesh are looked at
 */
record Pace(Duration leavingGrace, Duration askAgain, Duration verifyEvery) {
    Pace(Duration leavingGrace) {
        this(leavingGrace, Duration.ofSeconds(5), Duration.ofSeconds(60));
    }
}
