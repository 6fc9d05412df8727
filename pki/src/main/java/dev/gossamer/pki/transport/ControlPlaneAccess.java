package dev.gossamer.pki.transport;

import java.util.Map;

/**
 * All that is needed to call a control plane. Immutable.
 *
 * @param clusterId sent with each call: the cluster whose API server can review the token
 * @param headers further gRPC metadata, by lower-case name
 */
public record ControlPlaneAccess(
        ControlPlaneAddress address,
        RootsSource roots,
        TokenSource token,
        String clusterId,
        Map<String, String> headers) {
    public ControlPlaneAccess {
        headers = Map.copyOf(headers);
    }
}
