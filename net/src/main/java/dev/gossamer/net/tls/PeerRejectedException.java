package dev.gossamer.net.tls;

/** A peer's certificate is not acceptable. */
public final class PeerRejectedException extends Exception {
    /** {@code reason}: what is wrong with it, for logs of this side; the peer sees an alert only. */
    public PeerRejectedException(String reason) {
        // No stack trace: a hostile peer can cause this once per handshake.
        super(reason, null, false, false);
    }
}
