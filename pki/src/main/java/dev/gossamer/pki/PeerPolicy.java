package dev.gossamer.pki;

import dev.gossamer.core.identity.SpiffeId;
import java.util.Set;

/** Whom a handshake accepts, once its chain is good. Immutable. */
public sealed interface PeerPolicy {
    /** A server's: any client of this trust domain, since authorization follows. */
    record TrustDomain(String name) implements PeerPolicy {}

    /** A client's: one of these servers and no other, since it knows whom it dialled. */
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

    /** The purpose that the peer's certificate must allow, if it names any (RFC 5280, section 4.2.1.12). */
    default String usage() {
        return switch (this) {
            case TrustDomain _ -> "1.3.6.1.5.5.7.3.2";
            case AnyOf _ -> "1.3.6.1.5.5.7.3.1";
        };
    }

    /** What the peer is, for messages. */
    default String role() {
        return switch (this) {
            case TrustDomain _ -> "clients";
            case AnyOf _ -> "servers";
        };
    }

    /** Why {@code peer} is not accepted, for messages. */
    default String refusal(SpiffeId peer) {
        return switch (this) {
            case TrustDomain(var name) -> "the peer is " + peer + ", which is not of the trust domain " + name;
            case AnyOf(var identities) -> "the peer is " + peer + ", expected was " + expected(identities);
        };
    }

    private static String expected(Set<SpiffeId> identities) {
        var first = identities.stream().map(SpiffeId::toString).sorted().findFirst();
        return first.map(id -> identities.size() == 1 ? id : id + " or one of " + (identities.size() - 1) + " others")
                .orElse("no one");
    }
}
