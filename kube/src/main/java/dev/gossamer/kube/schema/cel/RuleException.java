package dev.gossamer.kube.schema.cel;

/** An expression cannot be compiled, or fails on the value that it is given. The message is for whoever wrote one of these. */
public final class RuleException extends Exception {
    RuleException(String message) {
        // What a user applies can cause this on every request.
        super(message, null, false, false);
    }
}
