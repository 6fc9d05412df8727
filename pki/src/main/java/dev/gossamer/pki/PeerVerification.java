package dev.gossamer.pki;

import dev.gossamer.core.identity.SpiffeId;

/** What came of checking a peer's chain. Immutable. */
public sealed interface PeerVerification {
    record Verified(SpiffeId identity) implements PeerVerification {}

    /** {@code reason}: for logs, bounded in length, holds nothing but what the peer's certificate says of itself. */
    record Rejected(String reason) implements PeerVerification {}
}
