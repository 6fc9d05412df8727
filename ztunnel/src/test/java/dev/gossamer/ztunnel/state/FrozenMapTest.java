package dev.gossamer.ztunnel.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class FrozenMapTest {
    /** A small key space makes replacements and removals common; equal hashes make crowded buckets. */
    private record Key(int value) {
        @Override
        public int hashCode() {
            return value % 7;
        }
    }

    @Property(tries = 300, seed = "4711")
    void behavesLikeAHashMapAndNeverChangesWhatIsFrozen(@ForAll List<@IntRange(min = -400, max = 400) Integer> steps) {
        var model = new HashMap<Key, Integer>();
        var frozen = FrozenMap.<Key, Integer>empty();
        for (int i = 0; i < steps.size(); ) {
            var before = frozen;
            var expectedBefore = Map.copyOf(model);
            var editor = frozen.edit();
            for (int n = 0; n < 5 && i < steps.size(); n++, i++) {
                int step = steps.get(i);
                if (step >= 0) {
                    editor.put(new Key(step), i);
                    model.put(new Key(step), i);
                } else {
                    editor.remove(new Key(-step));
                    model.remove(new Key(-step));
                }
            }
            frozen = editor.freeze();
            assertThat(contents(frozen)).isEqualTo(model);
            assertThat(frozen.size()).isEqualTo(model.size());
            assertThat(contents(before)).isEqualTo(expectedBefore);
        }
    }

    @Property(tries = 1, seed = "1")
    void growsWithItsEntries() {
        var editor = FrozenMap.<String, Integer>empty().edit();
        for (int i = 0; i < 50_000; i++) {
            editor.put("key" + i, i);
        }
        var frozen = editor.freeze();

        assertThat(frozen.size()).isEqualTo(50_000);
        for (int i = 0; i < 50_000; i += 997) {
            assertThat(frozen.get("key" + i)).isEqualTo(i);
        }
        assertThat(frozen.get("other")).isNull();
    }

    private static Map<Key, Integer> contents(FrozenMap<Key, Integer> map) {
        var contents = new HashMap<Key, Integer>();
        map.forEach((key, value) -> {
            assertThat(contents.put(key, value)).isNull();
            assertThat(map.get(key)).isEqualTo(value);
        });
        return contents;
    }
}
