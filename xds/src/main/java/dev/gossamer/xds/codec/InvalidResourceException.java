package dev.gossamer.xds.codec;

/** A resource of the control plane's cannot be used; the message says why, and goes back to it. */
public final class InvalidResourceException extends Exception {
    InvalidResourceException(String reason) {
        super(reason, null, false, false);
    }
}
