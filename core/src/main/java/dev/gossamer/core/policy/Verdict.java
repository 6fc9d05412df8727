package dev.gossamer.core.policy;

/** What policy says of one connection. Immutable. */
public sealed interface Verdict {
    /** {@code policy} names the one that allowed, as {@code namespace/name}; empty if none had to. */
    record Allow(String policy) implements Verdict {}

    /** {@code policy} names the one that denied; empty if none allowed. */
    record Deny(Reason reason, String policy) implements Verdict {
        /** As the access log says it. */
        public String message() {
            return switch (reason) {
                case EXPLICIT_DENY -> "explicitly denied by: " + policy;
                case NO_ALLOW_MATCHED -> "allow policies exist, but none allowed";
            };
        }
    }

    enum Reason {
        EXPLICIT_DENY,
        NO_ALLOW_MATCHED
    }
}
