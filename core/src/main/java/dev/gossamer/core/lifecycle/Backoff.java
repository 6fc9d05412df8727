package dev.gossamer.core.lifecycle;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubles from {@code first} to {@code cap}, each ± {@code jitter}.
 *
 * <p>Confined to the task that retries.
 */
public final class Backoff {
    private final Duration first;
    private final Duration cap;
    private final double jitter;
    private final RandomGenerator random;
    private int failures;

    /** {@code jitter}: share of the wait, 0 to 1, that chance may add or take away. */
    public Backoff(Duration first, Duration cap, double jitter, RandomGenerator random) {
        if (first.isNegative() || first.isZero() || cap.compareTo(first) < 0 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException("backoff from " + first + " to " + cap + ", jitter " + jitter);
        }
        this.first = first;
        this.cap = cap;
        this.jitter = jitter;
        this.random = random;
    }

    /** Counts one more failure and says how long to wait. */
    public Duration next() {
        // 2^20 times the first wait is beyond any sensible cap, and does not overflow.
        long nanos = Math.min(cap.toNanos(), Math.multiplyExact(1L << Math.min(failures, 20), first.toNanos()));
        failures++;
        if (jitter > 0) {
            nanos += (long) (nanos * jitter * (2 * random.nextDouble() - 1));
        }
        return Duration.ofNanos(Math.min(nanos, cap.toNanos()));
    }

    /** The last try worked. */
    public void reset() {
        failures = 0;
    }
}
