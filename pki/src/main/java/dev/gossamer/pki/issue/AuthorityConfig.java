package dev.gossamer.pki.issue;

import java.time.Duration;

/** For how long an authority issues certificates, where the caller asks for nothing, and at most. Immutable. */
public record AuthorityConfig(Duration defaultValidity, Duration maxValidity) {
    public static final AuthorityConfig DEFAULT = new AuthorityConfig(Duration.ofHours(24), Duration.ofDays(90));

    public AuthorityConfig {
        if (!defaultValidity.isPositive() || maxValidity.compareTo(defaultValidity) < 0) {
            throw new IllegalArgumentException(
                    "certificates valid for " + defaultValidity + ", at most " + maxValidity);
        }
    }
}
