package dev.gossamer.core.policy;

import dev.gossamer.core.identity.SpiffeId;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way to match a connection: all clauses must hold; without clauses it matches everything. Immutable.
 *
 * <p>The nesting is that of {@code istio.security.Authorization}: a policy matches if any rule does, a rule if all its
 * clauses do, a clause if any of its matches does, a match if all the attributes that it names do.
 */
public record AuthorizationRule(List<Clause> clauses) {
    public AuthorizationRule {
        clauses = List.copyOf(clauses);
    }

    public boolean matches(ConnectionAttributes connection) {
        for (var clause : clauses) {
            if (!clause.matches(connection)) {
                return false;
            }
        }
        return true;
    }

    /** Holds if any match does; without matches it holds always. Immutable. */
    public record Clause(List<Match> matches) {
        public Clause {
            matches = List.copyOf(matches);
        }

        boolean matches(ConnectionAttributes connection) {
            if (matches.isEmpty()) {
                return true;
            }
            for (var match : matches) {
                if (match.matches(connection)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Attributes that must all match; without any it never does. Immutable. */
    public record Match(
            Terms<TextPattern> namespaces,
            Terms<TextPattern> principals,
            Terms<ServiceAccount> serviceAccounts,
            Terms<AddressRange> sourceIps,
            Terms<AddressRange> destinationIps,
            Terms<Integer> destinationPorts) {

        boolean isEmpty() {
            return namespaces.isEmpty()
                    && principals.isEmpty()
                    && serviceAccounts.isEmpty()
                    && sourceIps.isEmpty()
                    && destinationIps.isEmpty()
                    && destinationPorts.isEmpty();
        }

        boolean matches(ConnectionAttributes c) {
            if (isEmpty()) {
                return false;
            }
            var peer = c.peer();
            var namespace = peer == null ? "" : peer.namespace();
            var principal = peer == null ? "" : peer.principal();
            return destinationPorts.match(port -> port == c.destinationPort())
                    && namespaces.match(pattern -> pattern.matches(namespace))
                    && principals.match(pattern -> peer != null && pattern.matches(principal))
                    && serviceAccounts.match(account -> account.matches(peer))
                    && sourceIps.match(range -> range.contains(c.source()))
                    && destinationIps.match(range -> range.contains(c.destination()));
        }
    }

    /** Values of one attribute: any of {@code any}, if there are some, and none of {@code none}. Immutable. */
    public record Terms<T>(List<T> any, List<T> none) {
        private static final Terms<?> UNSET = new Terms<>(List.of(), List.of());

        public Terms {
            any = List.copyOf(any);
            none = List.copyOf(none);
        }

        /** The attribute is not named. */
        @SuppressWarnings("unchecked") // holds no T
        public static <T> Terms<T> unset() {
            return (Terms<T>) UNSET;
        }

        public static <T> Terms<T> any(List<T> values) {
            return new Terms<>(values, List.of());
        }

        public static <T> Terms<T> none(List<T> values) {
            return new Terms<>(List.of(), values);
        }

        public boolean isEmpty() {
            return any.isEmpty() && none.isEmpty();
        }

        boolean match(Predicate<T> test) {
            return (any.isEmpty() || holds(any, test)) && !holds(none, test);
        }

        private static <T> boolean holds(List<T> values, Predicate<T> test) {
            for (var value : values) {
                if (test.test(value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** A namespace's service account, in whatever trust domain. Immutable. */
    public record ServiceAccount(String namespace, String name) {
        boolean matches(@Nullable SpiffeId peer) {
            return peer != null
                    && peer.namespace().equals(namespace)
                    && peer.serviceAccount().equals(name);
        }
    }
}
