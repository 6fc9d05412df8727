package dev.gossamer.kube.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the value at one place of an object is merged by server-side apply and by a strategic merge patch. Immutable. */
public interface MergeNode {
    /** What becomes of a list that two appliers write. */
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** What becomes of an object that two appliers write. */
    enum MapType {
        GRANULAR,
        ATOMIC
    }

    ListType listType();

    /** The properties that identify an element of a list of type {@link ListType#MAP}, in the schema's order. */
    List<String> listKeys();

    /** A default for a list key that an element may leave out ({@code protocol: TCP}), as text; null if there is none. */
    @Nullable
    String keyDefault(String key);

    MapType mapType();

    /** The property by which a strategic merge patch finds an element; null if the list is replaced whole. */
    @Nullable
    String patchMergeKey();

    /** {@code merge}, {@code replace}, {@code retainKeys} or a list of them. Empty if nothing is said. */
    List<String> patchStrategies();

    /** The node of a field, or null if nothing is known of it: then it is merged as plain JSON. */
    @Nullable
    MergeNode field(String name);

    /** The node of each element of a list, or null if nothing is known of it. */
    @Nullable
    MergeNode element();
}
