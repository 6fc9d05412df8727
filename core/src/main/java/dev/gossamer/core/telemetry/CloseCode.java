package dev.gossamer.core.telemetry;

import dev.gossamer.core.policy.Verdict;

/**
 * Why a connection ended, in the closed vocabulary that metrics ({@code response_flags}), access log and admin pages
 * share. Immutable.
 */
public enum CloseCode {
    OK("-"),
    /** Policy said no. */
    DENIED("DENY"),
    /** The next hop could not be reached, or refused. */
    CONNECT_FAILURE("CONNECT"),
    /** The peer's or our own certificate was not accepted, or the handshake broke off. */
    TLS_FAILURE("TLS_FAILURE"),
    /** TLS stood, but the peer did not speak HTTP/2 as a tunnel needs it. */
    H2_HANDSHAKE_FAILURE("H2_HANDSHAKE_FAILURE"),
    /** The dial ran into its time-out: packets vanish on the way. */
    NETWORK_POLICY("NETWORK_POLICY"),
    /** No certificate could be had for the workload. */
    IDENTITY_ERROR("IDENTITY_ERROR"),
    CERT_REVOKED("CERT_REVOKED");

    private final String flag;

    CloseCode(String flag) {
        this.flag = flag;
    }

    public static CloseCode of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow _ -> OK;
            case Verdict.Deny _ -> DENIED;
        };
    }

    /** As the metric's label has it. */
    public String flag() {
        return flag;
    }
}
