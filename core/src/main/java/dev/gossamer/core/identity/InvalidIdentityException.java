package dev.gossamer.core.identity;

/** A peer presented an identity that cannot be read. */
public final class InvalidIdentityException extends Exception {
    private static final int SHOWN = 256;

    InvalidIdentityException(String text) {
        // No stack trace: a hostile peer can cause this once per handshake.
        super(
                "not a SPIFFE workload id: " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text),
                null,
                false,
                false);
    }
}
