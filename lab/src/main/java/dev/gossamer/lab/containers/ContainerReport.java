package dev.gossamer.lab.containers;

import org.jspecify.annotations.Nullable;

/**
 * What a pod's status says of one container.
 *
 * <p>Immutable.
 *
 * @param last how the run before this one ended
 * @param started it runs, and its startup probe, if any, has succeeded
 * @param ready it is started, and its readiness probe, if any, has succeeded
 * @param id empty before the first run
 */
public record ContainerReport(
        ContainerState state,
        ContainerState.@Nullable Terminated last,
        int restarts,
        boolean started,
        boolean ready,
        String id) {
    /** What is reported before anything has been done. */
    public static ContainerReport waiting(String reason) {
        return new ContainerReport(new ContainerState.Waiting(reason, ""), null, 0, false, false, "");
    }

    ContainerReport in(ContainerState next) {
        return new ContainerReport(next, last, restarts, false, false, id);
    }

    ContainerReport probed(boolean nowStarted, boolean nowReady) {
        return new ContainerReport(state, last, restarts, nowStarted, nowReady, id);
    }
}
