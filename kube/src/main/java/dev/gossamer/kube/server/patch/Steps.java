package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.schema.MergeNode.ListType;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The steps of a path through an object, as managedFields writes them. Immutable. */
final class Steps {
    private Steps() {}

    static String field(String name) {
        return "f:" + name;
    }

    /** The step to an element of a list that merges ({@code shape.listType()} is not atomic). */
    static String element(MergeNode shape, JsonNode element) {
        if (shape.listType() == ListType.SET) {
            return "v:" + element;
        }
        var keys = new TreeMap<String, JsonNode>();
        for (var key : shape.listKeys()) {
            var value = element.get(key);
            var byDefault = shape.keyDefault(key);
            if (value != null && !value.isNull()) {
                keys.put(key, value);
            } else if (byDefault != null) {
                keys.put(key, JsonNodeFactory.instance.stringNode(byDefault));
            }
        }
        var node = Json.object();
        keys.forEach(node::set);
        return "k:" + node;
    }

    /** {@code .name}, {@code [name="x"]}, {@code [="x"]}. */
    static String display(String step) {
        var rest = step.length() > 2 ? step.substring(2) : "";
        return switch (step.isEmpty() ? ' ' : step.charAt(0)) {
            case 'f' -> "." + rest;
            case 'v' -> "[=" + rest + "]";
            case 'k' -> keys(rest);
            default -> "[" + rest + "]";
        };
    }

    private static String keys(String json) {
        var node = parse(json);
        if (node == null) {
            return "[" + json + "]";
        }
        return node.properties().stream()
                .map(key -> key.getKey() + "=" + key.getValue())
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static @Nullable JsonNode parse(String json) {
        try {
            return JsonReader.json(json.getBytes(StandardCharsets.UTF_8)).root();
        } catch (MalformedJsonException e) {
            // A client may have written anything into managedFields; it is shown as it stands.
            return null;
        }
    }
}
