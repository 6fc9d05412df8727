package dev.gossamer.node.redirect;

/** A program of the system did not do what it was called for: usually a missing privilege, program or kernel feature. */
public final class CommandFailedException extends Exception {
    CommandFailedException(String message) {
        super(message);
    }

    CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
