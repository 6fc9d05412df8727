package dev.gossamer.kube.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Removes fields that a schema does not know. Confined to one call. */
final class Pruning {
    private final List<String> removed = new ArrayList<>();

    private Pruning() {}

    static List<String> prune(SchemaNode schema, ObjectNode object) {
        var pruning = new Pruning();
        pruning.object(schema, object, FieldPath.ROOT, true);
        return List.copyOf(pruning.removed);
    }

    private void object(SchemaNode schema, ObjectNode object, FieldPath path, boolean resource) {
        for (String name : new ArrayList<>(object.propertyNames())) {
            var at = path.child(name);
            var value = object.get(name);
            var known = schema.field(name);
            if (resource && name.equals("metadata")) {
                value(ObjectMetaSchema.NODE, value, at);
            } else if (resource && (name.equals("apiVersion") || name.equals("kind"))) {
                continue;
            } else if (known != null) {
                value(known, value, at);
            } else if (!schema.behaviour().preserveUnknown()) {
                object.remove(name);
                removed.add(at.toString());
            }
        }
    }

    private void value(@Nullable SchemaNode schema, JsonNode value, FieldPath path) {
        if (schema == null) {
            return;
        }
        switch (value) {
            case ObjectNode object ->
                object(schema, object, path, schema.behaviour().embeddedResource());
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    value(schema.structure().items(), array.get(i), path.index(i));
                }
            }
            default -> {}
        }
    }
}
