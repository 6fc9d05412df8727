package dev.gossamer.xds.delta;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All resources of the mesh at one moment.
 *
 * <p>The next snapshot shares all that did not change with this one, so making it, and finding the difference between
 * any two, costs as much as what changed. Immutable.
 */
public final class ResourceSnapshot {
    public static final ResourceSnapshot EMPTY = new ResourceSnapshot(0, Map.of());

    private final long version;
    private final Map<TypeUrl, PersistentMap<Versioned>> types;

    private ResourceSnapshot(long version, Map<TypeUrl, PersistentMap<Versioned>> types) {
        this.version = version;
        this.types = types;
    }

    /** What to put and what to remove, of one type; what is put under its present version changes nothing. Immutable. */
    public record Change(Collection<Versioned> put, Collection<String> remove) {
        public Change {
            put = List.copyOf(put);
            remove = List.copyOf(remove);
        }
    }

    /** Rises with each snapshot. */
    public long version() {
        return version;
    }

    /** By name: a view, of which {@code get} and {@code size} are fast. */
    public Map<String, Versioned> resources(TypeUrl type) {
        return new View(of(type));
    }

    public @Nullable Versioned find(TypeUrl type, String name) {
        return of(type).get(name);
    }

    /** The names of the resources that are here and were not in {@code previous} or were another version, or are gone. */
    public Set<String> changedSince(ResourceSnapshot previous, TypeUrl type) {
        var changed = new HashSet<String>();
        diff(previous, type, (resource, _) -> changed.add(resource.name()), changed::add);
        return changed;
    }

    /** The next snapshot, all changes at once: removals first. */
    public ResourceSnapshot with(Map<TypeUrl, Change> changes) {
        var next = new HashMap<>(types);
        changes.forEach((type, change) -> {
            var map = of(type);
            for (var name : change.remove) {
                map = map.remove(name);
            }
            for (var resource : change.put) {
                // Found again in this snapshot, so that what is removed and put back unchanged stays the same object.
                var before = find(type, resource.name());
                var value = before != null && before.version().equals(resource.version()) ? before : resource;
                map = map.get(resource.name()) == value ? map : map.put(resource.name(), value);
            }
            next.put(type, map);
        });
        return new ResourceSnapshot(version + 1, Map.copyOf(next));
    }

    /** {@code changed} gets the resource and its version in {@code previous}, if any; {@code removed} gets names. */
    void diff(
            ResourceSnapshot previous,
            TypeUrl type,
            BiConsumer<Versioned, @Nullable Versioned> changed,
            Consumer<String> removed) {
        of(type).diff(previous.of(type), (name, before, after) -> {
            if (after == null) {
                removed.accept(name);
            } else if (before == null || !before.version().equals(after.version())) {
                changed.accept(after, before);
            }
        });
    }

    private PersistentMap<Versioned> of(TypeUrl type) {
        return types.getOrDefault(type, PersistentMap.empty());
    }

    /** Makes the trie a {@link Map} for those who look at it as a whole. Immutable. */
    private static final class View extends AbstractMap<String, Versioned> {
        private final PersistentMap<Versioned> map;

        View(PersistentMap<Versioned> map) {
            this.map = map;
        }

        @Override
        public @Nullable Versioned get(@Nullable Object key) {
            return key instanceof String name ? map.get(name) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return get(key) != null;
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public Set<Entry<String, Versioned>> entrySet() {
            var entries = new ArrayList<Entry<String, Versioned>>(map.size());
            map.forEach((name, resource) -> entries.add(Map.entry(name, resource)));
            return Set.copyOf(entries);
        }

        @Override
        public void forEach(BiConsumer<? super String, ? super Versioned> action) {
            map.forEach(action::accept);
        }
    }
}
