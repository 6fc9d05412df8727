package dev.gossamer.kube.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A list's former elements, found by what identifies them. Immutable. */
final class ListElements {
    private final SchemaNode list;
    private final Map<JsonNode, JsonNode> byIdentity;
    private final @Nullable JsonNode elements;

    ListElements(SchemaNode list, @Nullable JsonNode elements) {
        this.list = list;
        this.elements = elements;
        this.byIdentity = new HashMap<>();
        if (elements != null && elements.isArray() && list.listType() != MergeNode.ListType.ATOMIC) {
            elements.forEach(element -> byIdentity.putIfAbsent(identity(list, element), element));
        }
    }

    /** The former value of an element, or null: elements of an atomic list have no history, except when all else is equal. */
    @Nullable
    JsonNode matching(JsonNode element, int index) {
        if (elements == null) {
            return null;
        }
        if (list.listType() != MergeNode.ListType.ATOMIC) {
            return byIdentity.get(identity(list, element));
        }
        var former = elements.get(index);
        return former != null && former.equals(element) ? former : null;
    }

    static void findDuplicates(SchemaNode list, ArrayNode elements, FieldPath path, Findings findings) {
        if (list.listType() == MergeNode.ListType.ATOMIC || elements.size() < 2) {
            return;
        }
        var seen = new HashSet<JsonNode>();
        for (int i = 0; i < elements.size(); i++) {
            var identity = identity(list, elements.get(i));
            if (!seen.add(identity)) {
                findings.duplicate(path.index(i), identity);
            }
        }
    }

    /** The whole value in a set; the keys, with their defaults, in a map. */
    private static JsonNode identity(SchemaNode list, JsonNode element) {
        if (list.listType() == MergeNode.ListType.SET || !element.isObject()) {
            return element;
        }
        var keys = JsonNodeFactory.instance.objectNode();
        List<String> names = list.listKeys();
        for (String name : names) {
            var value = element.get(name);
            var fallback = list.keyDefault(name);
            if (value != null) {
                keys.set(name, value);
            } else if (fallback != null) {
                keys.put(name, fallback);
            }
        }
        return keys;
    }
}
