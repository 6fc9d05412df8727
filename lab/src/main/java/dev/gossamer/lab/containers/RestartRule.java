package dev.gossamer.lab.containers;

/** Whether a container is started again when it has ended. */
public enum RestartRule {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    boolean appliesTo(int exitCode) {
        return switch (this) {
            case ALWAYS -> true;
            case ON_FAILURE -> exitCode != 0;
            case NEVER -> false;
        };
    }
}
