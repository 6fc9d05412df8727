package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.server.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch (RFC 7386). Immutable. */
public final class MergePatch {
    private MergePatch() {}

    /** {@code target} with {@code patch} merged in; neither is changed, and the result shares nothing with them. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        var result = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
        merge(result, changes);
        return result;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (var field : patch.properties()) {
            var name = field.getKey();
            switch (field.getValue()) {
                case ObjectNode changes -> {
                    var below = target.get(name) instanceof ObjectNode object ? object : target.putObject(name);
                    merge(below, changes);
                }
                case JsonNode value when value.isNull() -> target.remove(name);
                case JsonNode value -> target.set(name, value.deepCopy());
            }
        }
    }
}
