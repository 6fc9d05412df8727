package dev.gossamer.control.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of an object that has no class of its own.
 *
 * <p>What has another type than expected counts as absent: the API server validates objects against their schemas, and
 * one that slipped through must not keep all others from being read. Immutable.
 */
record Fields(Map<?, ?> values) {
    private static final Fields NONE = new Fields(Map.of());

    static Fields of(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? new Fields(map) : NONE;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Fields child(String key) {
        return of(values.get(key));
    }

    List<Fields> children(String key) {
        var children = new ArrayList<Fields>();
        for (var item : list(key)) {
            children.add(of(item));
        }
        return children;
    }

    String text(String key) {
        return values.get(key) instanceof String text ? text : "";
    }

    int number(String key) {
        return values.get(key) instanceof Number number ? number.intValue() : 0;
    }

    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        for (var item : list(key)) {
            if (item instanceof String text) {
                texts.add(text);
            }
        }
        return texts;
    }

    Map<String, String> textMap(String key) {
        var map = new LinkedHashMap<String, String>();
        child(key).values.forEach((name, value) -> {
            if (name instanceof String text && value instanceof String content) {
                map.put(text, content);
            }
        });
        return map;
    }

    Map<String, Integer> numberMap(String key) {
        var map = new LinkedHashMap<String, Integer>();
        child(key).values.forEach((name, value) -> {
            if (name instanceof String text && value instanceof Number number) {
                map.put(text, number.intValue());
            }
        });
        return map;
    }

    private List<?> list(String key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }
}
