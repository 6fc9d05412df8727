package dev.gossamer.kube.server.storage;

/** The object is not, or no longer, in the state that the writer saw: read it again. */
public final class StaleWriteException extends Exception {
    StaleWriteException() {
        super("the object changed meanwhile", null, false, false);
    }
}
