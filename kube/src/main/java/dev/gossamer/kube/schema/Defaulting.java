package dev.gossamer.kube.schema;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fills in defaults and drops nulls that are not allowed. Stateless. */
final class Defaulting {
    private Defaulting() {}

    static void apply(SchemaNode schema, ObjectNode object) {
        for (var property : schema.structure().properties().entrySet()) {
            var fallback = property.getValue().behaviour().defaultValue();
            var value = object.get(property.getKey());
            if (value != null
                    && value.isNull()
                    && !property.getValue().behaviour().nullable()) {
                // Null stands for "not set" where null is not a value: what people write to unset a field.
                object.remove(property.getKey());
                value = null;
            }
            if (value == null && fallback != null) {
                object.set(property.getKey(), fallback.deepCopy());
            }
        }
        applyToAdditional(schema, object);
        for (var entry : object.properties()) {
            into(schema.field(entry.getKey()), entry.getValue());
        }
    }

    private static void applyToAdditional(SchemaNode schema, ObjectNode object) {
        var additional = schema.structure().additional();
        if (additional == null || additional.behaviour().nullable()) {
            return;
        }
        var fallback = additional.behaviour().defaultValue();
        if (fallback == null) {
            return;
        }
        for (String name : new ArrayList<>(object.propertyNames())) {
            if (object.get(name).isNull()) {
                object.set(name, fallback.deepCopy());
            }
        }
    }

    private static void into(@Nullable SchemaNode schema, JsonNode value) {
        switch (value) {
            case ObjectNode object when schema != null -> apply(schema, object);
            case ArrayNode array
            when schema != null -> {
                var items = schema.structure().items();
                for (int i = 0; i < array.size() && items != null; i++) {
                    var fallback = items.behaviour().defaultValue();
                    if (array.get(i).isNull()
                            && fallback != null
                            && !items.behaviour().nullable()) {
                        array.set(i, fallback.deepCopy());
                    }
                    into(items, array.get(i));
                }
            }
            default -> {}
        }
    }
}
