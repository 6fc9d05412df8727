package dev.gossamer.kube.server.json;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Short ways through JSON trees that read "absent" where a field is missing or of another type. Immutable. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** The text at {@code path}, or empty. */
    public static String text(JsonNode node, String... path) {
        var found = at(node, path);
        return found.isString() ? found.stringValue() : "";
    }

    /** The integer at {@code path}, or {@code otherwise}. */
    public static long number(JsonNode node, long otherwise, String... path) {
        var found = at(node, path);
        return found.isNumber() && found.canConvertToLong() ? found.longValue() : otherwise;
    }

    public static boolean isTrue(JsonNode node, String... path) {
        var found = at(node, path);
        return found.isBoolean() && found.booleanValue();
    }

    public static JsonNode at(JsonNode node, String... path) {
        var found = node;
        for (var name : path) {
            found = found.path(name);
        }
        return found;
    }

    /** The object at {@code path}, if there is one. */
    public static @Nullable ObjectNode child(JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode object ? object : null;
    }

    /** The object in field {@code name}, put there if it is missing or null. */
    public static ObjectNode ensureObject(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode object ? object : parent.putObject(name);
    }

    public static ArrayNode ensureArray(ObjectNode parent, String name) {
        return parent.get(name) instanceof ArrayNode array ? array : parent.putArray(name);
    }

    /** Sets {@code name} unless it has a value already. */
    public static void putIfAbsent(ObjectNode parent, String name, String value) {
        if (!parent.hasNonNull(name)) {
            parent.put(name, value);
        }
    }

    public static void putIfAbsent(ObjectNode parent, String name, long value) {
        if (!parent.hasNonNull(name)) {
            parent.put(name, value);
        }
    }

    /** The string fields of the object at {@code path}, in alphabetical order. */
    public static Map<String, String> strings(JsonNode node, String... path) {
        var found = new TreeMap<String, String>();
        for (var field : at(node, path).properties()) {
            if (field.getValue().isString()) {
                found.put(field.getKey(), field.getValue().stringValue());
            }
        }
        return found;
    }

    /** Equal as JSON values: 1 and 1.0 are the same number, the order of fields does not count. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(Json::compareNumbers, b);
    }

    private static int compareNumbers(JsonNode a, JsonNode b) {
        if (a.equals(b)) {
            return 0;
        }
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : 1;
    }
}
