package dev.gossamer.xds.client;

import java.util.Map;

/** A listener could not use some resources of an update; it has applied the others. */
public final class RejectedUpdateException extends Exception {
    private final Map<String, String> reasons;

    /** {@code reasons}: by resource name; they go back to the control plane. */
    public RejectedUpdateException(Map<String, String> reasons) {
        super("rejected: " + reasons, null, false, false);
        this.reasons = Map.copyOf(reasons);
    }

    public Map<String, String> reasons() {
        return reasons;
    }
}
