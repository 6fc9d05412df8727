package dev.gossamer.control.snapshot;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Values by key, several for each. Confined to the builder's thread. */
final class MultiIndex<K, V> {
    private final Map<K, Set<V>> values = new HashMap<>();

    void add(K key, V value) {
        values.computeIfAbsent(key, _ -> new HashSet<>()).add(value);
    }

    void remove(K key, V value) {
        var present = values.get(key);
        if (present != null) {
            present.remove(value);
            if (present.isEmpty()) {
                values.remove(key);
            }
        }
    }

    Set<V> get(K key) {
        return values.getOrDefault(key, Set.of());
    }
}
