package dev.gossamer.lab.containers;

import java.time.Instant;

/** Where a container stands. Immutable. */
public sealed interface ContainerState {
    /** Not started yet, or about to be again. */
    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant since) implements ContainerState {}

    record Terminated(int exitCode, String reason, String message, Instant started, Instant finished)
            implements ContainerState {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }
}
