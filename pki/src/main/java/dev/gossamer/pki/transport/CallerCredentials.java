package dev.gossamer.pki.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a caller of the control plane presents about itself. Immutable.
 *
 * @param bearerToken absent where the call has none
 * @param clusterId the cluster whose API server can review the token; empty where the caller names none
 * @param remoteAddress for logs
 */
public record CallerCredentials(@Nullable String bearerToken, String clusterId, String remoteAddress) {
    /** Without the token. */
    @Override
    public String toString() {
        return "CallerCredentials[token " + (bearerToken == null ? "absent" : "present") + ", cluster " + clusterId
                + ", from " + remoteAddress + "]";
    }
}
