package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.ObjectName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects of one kind, by namespace and name. Confined to the builder's thread. */
final class ObjectTable<T> {
    private final Map<String, Map<String, T>> byNamespace = new HashMap<>();

    @Nullable
    T get(ObjectName name) {
        var namespace = byNamespace.get(name.namespace());
        return namespace == null ? null : namespace.get(name.name());
    }

    @Nullable
    T put(ObjectName name, T object) {
        return byNamespace
                .computeIfAbsent(name.namespace(), _ -> new HashMap<>())
                .put(name.name(), object);
    }

    @Nullable
    T remove(ObjectName name) {
        var namespace = byNamespace.get(name.namespace());
        if (namespace == null) {
            return null;
        }
        var removed = namespace.remove(name.name());
        if (namespace.isEmpty()) {
            byNamespace.remove(name.namespace());
        }
        return removed;
    }

    Collection<T> in(String namespace) {
        return byNamespace.getOrDefault(namespace, Map.of()).values();
    }

    void forEach(Consumer<T> action) {
        byNamespace.values().forEach(namespace -> namespace.values().forEach(action));
    }

    boolean isEmpty() {
        return byNamespace.isEmpty();
    }

    int size() {
        return byNamespace.values().stream().mapToInt(Map::size).sum();
    }
}
