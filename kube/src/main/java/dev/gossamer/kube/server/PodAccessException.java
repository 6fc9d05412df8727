package dev.gossamer.kube.server;

/** A pod's log, command or port cannot be had; the message goes to the caller. */
public final class PodAccessException extends Exception {
    /** How the caller is answered. */
    public enum Kind {
        /** No such container, port or earlier run, or not in this state: 400. */
        REFUSED,
        /** The container, or its log, does not exist: 404. */
        NOT_FOUND,
        /** Whoever runs the pod failed: 500. */
        FAILED
    }

    private final Kind kind;

    public PodAccessException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public PodAccessException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
