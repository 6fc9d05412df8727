package dev.gossamer.lab.volumes;

/** A pod refers to something that is not there (yet); the user is to create it, or to mend the reference. */
public final class MissingObjectException extends Exception {
    public MissingObjectException(String message) {
        super(message, null, false, false);
    }
}
