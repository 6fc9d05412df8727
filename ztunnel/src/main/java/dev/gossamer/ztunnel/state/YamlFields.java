package dev.gossamer.ztunnel.state;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a YAML file, read by key; what is of another kind than expected is an {@link IllegalArgumentException} that
 * says where. Immutable.
 */
record YamlFields(@Nullable Object value, String where) {
    static YamlFields of(@Nullable Object value, String where) {
        return new YamlFields(value, where);
    }

    List<String> keys() {
        return value == null
                ? List.of()
                : entries().keySet().stream().map(String::valueOf).toList();
    }

    String required(String key) {
        var found = find(key);
        if (found == null) {
            throw new IllegalArgumentException(where + " has no " + key);
        }
        return found.toString();
    }

    String text(String key, String otherwise) {
        var found = find(key);
        return found == null ? otherwise : found.toString();
    }

    int number(String key) {
        return Integer.parseInt(required(key));
    }

    YamlFields map(String key) {
        return new YamlFields(find(key), where + "." + key);
    }

    List<YamlFields> list(String key) {
        return map(key).items();
    }

    List<String> texts(String key) {
        return list(key).stream().map(item -> String.valueOf(item.value)).toList();
    }

    List<YamlFields> items() {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Collection<?> collection)) {
            throw new IllegalArgumentException(where + " must be a list");
        }
        return collection.stream()
                .map(item -> new YamlFields(item, where + "[]"))
                .toList();
    }

    private @Nullable Object find(String key) {
        if (value == null) {
            return null;
        }
        for (var entry : entries().entrySet()) {
            if (key.equals(String.valueOf(entry.getKey()))) {
                return entry.getValue();
            }
        }
        return null;
    }

    private Map<?, ?> entries() {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(where + " must be a map");
    }
}
