package dev.gossamer.pki.transport;

/**
 * A caller is not who it says, or may not do what it asks.
 *
 * <p>The message is for our log alone: the caller is told only that it is not authenticated.
 */
public final class CallerRejectedException extends Exception {
    public CallerRejectedException(String reason) {
        super(reason, null, false, false);
    }
}
