package dev.gossamer.control.observed;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What objects of all kinds have. Immutable.
 *
 * @param annotations only those that the mesh reads: the rest can be large, and changes for reasons of its own
 */
public record Metadata(
        ObjectName name, String uid, Instant created, Map<String, String> labels, Map<String, String> annotations) {
    /** Who was there first wins where two objects claim the same thing; names break ties so that replicas agree. */
    public static final Comparator<Metadata> OLDEST_FIRST =
            Comparator.comparing(Metadata::created).thenComparing(Metadata::name);

    public Metadata {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public String namespace() {
        return name.namespace();
    }

    public @Nullable String label(String key) {
        return labels.get(key);
    }

    public @Nullable String annotation(String key) {
        return annotations.get(key);
    }
}
