package dev.gossamer.core.balance;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One of several things, at random, by weight. Stateless. */
public final class WeightedChoice {
    private WeightedChoice() {}

    /** Absent if nothing weighs anything. */
    public static <T> @Nullable T choose(List<T> things, ToLongFunction<T> weight, RandomGenerator random) {
        long total = 0;
        for (var thing : things) {
            total += weight.applyAsLong(thing);
        }
        if (total <= 0) {
            return null;
        }
        long draw = random.nextLong(total);
        for (var thing : things) {
            draw -= weight.applyAsLong(thing);
            if (draw < 0) {
                return thing;
            }
        }
        throw new IllegalStateException("weights changed while choosing");
    }
}
