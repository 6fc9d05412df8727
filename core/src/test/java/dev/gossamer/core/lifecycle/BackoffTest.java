package dev.gossamer.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void doublesUpToTheCapAndStartsAnewAfterASuccess() {
        var backoff = new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), 0, new SplittableRandom(1));

        assertThat(backoff.next()).hasMillis(20);
        assertThat(backoff.next()).hasMillis(40);
        assertThat(backoff.next()).hasMillis(80);
        assertThat(backoff.next()).hasMillis(100);
        backoff.reset();
        assertThat(backoff.next()).hasMillis(20);
    }

    @Property(tries = 200, seed = "42")
    void staysPositiveAndUnderTheCap(
            @ForAll @IntRange(min = 1, max = 100_000) int firstMillis,
            @ForAll @IntRange(min = 0, max = 1_000_000) int more,
            @ForAll @DoubleRange(min = 0, max = 0.9) double jitter) {
        var cap = Duration.ofMillis((long) firstMillis + more);
        var backoff = new Backoff(Duration.ofMillis(firstMillis), cap, jitter, new SplittableRandom(7));
        for (int i = 0; i < 100; i++) {
            assertThat(backoff.next()).isPositive().isLessThanOrEqualTo(cap);
        }
    }
}
