package dev.gossamer.xds.delta;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a proxy says it is. Immutable.
 *
 * @param metadata what JSON can hold: text, numbers, booleans, maps and lists
 */
public record NodeInfo(String id, Map<String, Object> metadata) {
    public NodeInfo {
        metadata = Map.copyOf(metadata);
    }

    /** An entry of the metadata, if it is a text. */
    public @Nullable String text(String key) {
        return metadata.get(key) instanceof String text ? text : null;
    }
}
