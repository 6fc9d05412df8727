package dev.gossamer.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RolloutTest {
    @Test
    void roundsSurgeUpAndUnavailabilityDown() {
        assertThat(Rollout.of(5, new IntOrString("25%"), new IntOrString("25%"), "0", "0"))
                .isEqualTo(new Rollout(5, 2, 1));
    }

    @Test
    void takesNumbersAsTheyAreAndDefaultsWhereNothingIsSaid() {
        assertThat(Rollout.of(4, new IntOrString(3), null, "25%", "25%")).isEqualTo(new Rollout(4, 3, 1));
    }

    @Test
    void neverStandsStillWhenBothAreZero() {
        assertThat(Rollout.of(3, new IntOrString(0), new IntOrString("10%"), "25%", "25%"))
                .isEqualTo(new Rollout(3, 0, 1));
    }

    /** Plays a rollout in which every new replica becomes available after one step. */
    @Property(seed = "20261124")
    void staysWithinItsBoundsAndComesToAnEnd(
            @ForAll @IntRange(min = 1, max = 30) int replicas,
            @ForAll @IntRange(max = 10) int surge,
            @ForAll @IntRange(max = 10) int unavailable) {
        var rollout = Rollout.of(replicas, new IntOrString(surge), new IntOrString(unavailable), "0", "0");
        int old = replicas;
        int fresh = 0;
        int freshAvailable = 0;
        for (int step = 0; step < 200 && (old > 0 || freshAvailable < replicas); step++) {
            fresh = rollout.newSize(fresh, fresh + old);
            assertThat(fresh + old).isLessThanOrEqualTo(replicas + rollout.maxSurge());
            int removable = Math.min(
                    rollout.removableOld(old + fresh, fresh, freshAvailable),
                    rollout.removableAvailable(old + freshAvailable));
            old -= Math.min(old, removable);
            assertThat(old + freshAvailable).isGreaterThanOrEqualTo(replicas - rollout.maxUnavailable());
            freshAvailable = fresh;
        }
        assertThat(old).isZero();
        assertThat(freshAvailable).isEqualTo(replicas);
    }
}
