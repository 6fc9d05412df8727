package dev.gossamer.pki;

import dev.gossamer.core.identity.SpiffeId;
import java.util.Set;

/** Whom a handshake accepts, once its chain is good. Immutable. */
public sealed interface PeerPolicy {
    /** Whoever belongs to this trust domain: a server's policy, since authorization follows. */
    record TrustDomain(String name) implements PeerPolicy {}

    /** One of these and no one else: a client's policy, since it knows whom it dialled. */
    record AnyOf(Set<SpiffeId> identities) implements PeerPolicy {
        public AnyOf {
            identities = Set.copyOf(identities);
        }
    }

    default boolean accepts(SpiffeId peer) {
        return switch (this) {
            case TrustDomain(var name) -> peer.trustDomain().equals(name);
            case AnyOf(var identities) -> identities.contains(peer);
        };
    }
}
