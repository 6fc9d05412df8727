package dev.gossamer.kube.server.storage;

/** The history no longer reaches back to the version that was asked for. */
public final class ForgottenException extends Exception {
    private final long asked;
    private final long oldest;

    ForgottenException(long asked, long oldest) {
        super("too old resource version: " + asked + " (" + oldest + ")", null, false, false);
        this.asked = asked;
        this.oldest = oldest;
    }

    public long asked() {
        return asked;
    }

    public long oldest() {
        return oldest;
    }
}
