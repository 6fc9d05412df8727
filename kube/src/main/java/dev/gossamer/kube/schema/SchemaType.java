package dev.gossamer.kube.schema;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What JSON schema calls a type. */
enum SchemaType {
    OBJECT("object"),
    ARRAY("array"),
    STRING("string"),
    INTEGER("integer"),
    NUMBER("number"),
    BOOLEAN("boolean");

    private final String word;

    SchemaType(String word) {
        this.word = word;
    }

    static @Nullable SchemaType of(String word) {
        for (var type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        return null;
    }

    String word() {
        return word;
    }

    boolean holds(JsonNode value) {
        return switch (this) {
            case OBJECT -> value.isObject();
            case ARRAY -> value.isArray();
            // Bytes become base64 text when they are written.
            case STRING -> value.isString() || value.isBinary();
            case INTEGER -> isWhole(value);
            case NUMBER -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
        };
    }

    /** The type of a value, as messages name it. */
    static String nameOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case STRING, BINARY -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> isWhole(value) ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }

    /** {@code 5.0} counts as an integer, as it does for an API server. */
    static boolean isWhole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return true;
        }
        // The remainder of an infinite number, which may stand for one too large, is not a number.
        return value.isNumber() && Numeric.approximate(value) % 1 == 0;
    }
}
