package dev.gossamer.net.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page is asked. Immutable.
 *
 * @param path without the query, decoded
 * @param query decoded; a key without a value has an empty one
 * @param headers the first value of each, names in lower case
 */
public record AdminRequest(String method, String path, Map<String, List<String>> query, Map<String, String> headers) {
    public AdminRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    /** The first value of {@code key}. */
    public @Nullable String parameter(String key) {
        var values = query.get(key);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
