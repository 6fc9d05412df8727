package dev.gossamer.xds.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Compared with the JDK's map after any sequence of changes. */
final class PersistentMapPropertyTest {
    /** "Aa" and "BB" have equal hashes, and so have all texts made of them. */
    private static String key(Random random, int range) {
        int number = random.nextInt(range);
        var key = new StringBuilder();
        for (int bit = 0; bit < 5; bit++) {
            key.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return number < 32 ? key.toString() : "k" + number;
    }

    private static Map<String, Integer> contents(PersistentMap<Integer> map) {
        var contents = new HashMap<String, Integer>();
        map.forEach(contents::put);
        return contents;
    }

    @Property(tries = 200, seed = "11")
    void holdsWhatTheJdksMapHolds(@ForAll long seed) {
        var random = new Random(seed);
        int range = 1 + random.nextInt(400);
        PersistentMap<Integer> map = PersistentMap.empty();
        var oracle = new HashMap<String, Integer>();
        var early = map;
        var earlyOracle = Map.copyOf(oracle);
        for (int i = 0; i < 500; i++) {
            var key = key(random, range);
            if (random.nextInt(5) < 2) {
                map = map.remove(key);
                oracle.remove(key);
            } else {
                Integer value = random.nextInt(3);
                map = map.put(key, value);
                oracle.put(key, value);
            }
            assertThat(map.size()).isEqualTo(oracle.size());
            assertThat(map.get(key)).isEqualTo(oracle.get(key));
            if (i == 250) {
                early = map;
                earlyOracle = Map.copyOf(oracle);
            }
        }
        assertThat(contents(map)).isEqualTo(oracle);
        // What was there before is untouched, and both ways the differences are those of the oracle.
        assertThat(contents(early)).isEqualTo(earlyOracle);
        assertThat(differences(early, map)).isEqualTo(differences(earlyOracle, oracle));
        assertThat(differences(map, early)).isEqualTo(differences(oracle, earlyOracle));
        for (var key : oracle.keySet()) {
            map = map.remove(key);
        }
        assertThat(map.size()).isZero();
        assertThat(contents(map)).isEmpty();
    }

    private static Map<String, String> differences(PersistentMap<Integer> before, PersistentMap<Integer> after) {
        var found = new HashMap<String, String>();
        after.diff(
                before,
                (key, old, now) -> assertThat(found.put(key, old + "→" + now))
                        .as("told once of " + key)
                        .isNull());
        return found;
    }

    private static Map<String, String> differences(Map<String, Integer> before, Map<String, Integer> after) {
        var found = new HashMap<String, String>();
        var keys = new HashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (var key : keys) {
            var old = before.get(key);
            var now = after.get(key);
            if (!Objects.equals(old, now)) {
                found.put(key, old + "→" + now);
            }
        }
        return found;
    }

    @Test
    void findsFewDifferencesInALargeMapWithoutLookingAtTheRest() {
        PersistentMap<Object> map = PersistentMap.empty();
        for (int i = 0; i < 100_000; i++) {
            map = map.put("key" + i, new Untouchable());
        }
        var changed = map.put("key7", "new").remove("key8");
        var found = new HashMap<String, Object>();
        changed.diff(map, (key, old, now) -> found.put(key, now == null ? "gone" : now));
        assertThat(found).isEqualTo(Map.of("key7", "new", "key8", "gone"));
    }

    /** Fails whoever compares it instead of its reference. */
    private static final class Untouchable {
        @Override
        public boolean equals(Object other) {
            throw new AssertionError("compared");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("hashed");
        }
    }
}
