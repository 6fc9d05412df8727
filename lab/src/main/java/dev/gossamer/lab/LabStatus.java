package dev.gossamer.lab;

import java.nio.file.Path;

/**
 * A lab as seen from outside.
 *
 * <p>Immutable.
 *
 * @param pid of the lab's first process; 0 if it does not run
 * @param directory that holds its kubeconfig and logs
 * @param kubeconfig where it is or will be
 */
public record LabStatus(String name, State state, long pid, int port, Path directory, Path kubeconfig) {
    /** Whether it can be used. */
    public enum State {
        /** The API server answers on 127.0.0.1. */
        RUNNING,
        /** Its processes are there; it has not said that it is ready. */
        STARTING,
        /** Something has ended it; {@code lab down} removes what is left. */
        DEAD
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }
}
