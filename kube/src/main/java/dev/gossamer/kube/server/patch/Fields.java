package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.schema.MergeNode.ListType;
import dev.gossamer.kube.schema.MergeNode.MapType;
import dev.gossamer.kube.server.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which places an object has, and which of them differ between two states of it. Immutable. */
final class Fields {
    /** Places that were added or changed, and places that are gone. Confined to one request. */
    record Difference(FieldSet changed, FieldSet removed) {}

    private Fields() {}

    /** The places that {@code object} speaks about: what its author becomes the owner of by applying it. */
    static FieldSet of(ObjectNode object, MergeNode shape) {
        var set = new FieldSet();
        collect(object, shape, set);
        return set;
    }

    private static void collect(JsonNode value, @Nullable MergeNode shape, FieldSet here) {
        switch (value) {
            case ObjectNode object
            when isGranular(shape) -> {
                for (var field : object.properties()) {
                    var below = new FieldSet();
                    collect(field.getValue(), below(shape, field.getKey()), below);
                    if (field.getValue() instanceof ObjectNode inner && inner.isEmpty()) {
                        below.insert();
                    }
                    // An empty list that merges says nothing.
                    if (!below.isEmpty()) {
                        here.descend(Steps.field(field.getKey())).addAll(below);
                    }
                }
            }
            case ArrayNode array
            when shape != null && shape.listType() != ListType.ATOMIC -> {
                for (var element : array) {
                    var below = here.descend(Steps.element(shape, element));
                    below.insert();
                    collect(element, shape.element(), below);
                }
            }
            default -> here.insert();
        }
    }

    static boolean isGranular(@Nullable MergeNode shape) {
        return shape == null || shape.mapType() == MapType.GRANULAR;
    }

    static @Nullable MergeNode below(@Nullable MergeNode shape, String field) {
        return shape == null ? null : shape.field(field);
    }

    static Difference between(JsonNode before, JsonNode after, MergeNode shape) {
        var difference = new Difference(new FieldSet(), new FieldSet());
        compare(before, after, shape, difference.changed(), difference.removed());
        return difference;
    }

    private static void compare(
            JsonNode before, JsonNode after, @Nullable MergeNode shape, FieldSet changed, FieldSet removed) {
        if (before instanceof ObjectNode b && after instanceof ObjectNode a && isGranular(shape)) {
            compareObjects(b, a, shape, changed, removed);
        } else if (before instanceof ArrayNode b
                && after instanceof ArrayNode a
                && shape != null
                && shape.listType() != ListType.ATOMIC) {
            compareLists(b, a, shape, changed, removed);
        } else if (!Json.same(before, after)) {
            changed.insert();
            // A value that became another kind of value: what was inside is gone, what is inside is new.
            addTree(before, shape, removed);
            removed.removeAll(self());
            addTree(after, shape, changed);
        }
    }

    private static FieldSet self() {
        var set = new FieldSet();
        set.insert();
        return set;
    }

    private static void compareObjects(
            ObjectNode before, ObjectNode after, @Nullable MergeNode shape, FieldSet changed, FieldSet removed) {
        for (var field : before.properties()) {
            var step = Steps.field(field.getKey());
            var now = after.get(field.getKey());
            if (now == null) {
                addTree(field.getValue(), below(shape, field.getKey()), removed.descend(step));
            } else {
                compareBelow(step, field.getValue(), now, below(shape, field.getKey()), changed, removed);
            }
        }
        for (var field : after.properties()) {
            if (!before.has(field.getKey())) {
                addTree(field.getValue(), below(shape, field.getKey()), changed.descend(Steps.field(field.getKey())));
            }
        }
    }

    private static void compareLists(
            ArrayNode before, ArrayNode after, MergeNode shape, FieldSet changed, FieldSet removed) {
        var old = byStep(before, shape);
        var now = byStep(after, shape);
        old.forEach((step, element) -> {
            var successor = now.get(step);
            if (successor == null) {
                addTree(element, shape.element(), removed.descend(step));
            } else {
                compareBelow(step, element, successor, shape.element(), changed, removed);
            }
        });
        now.forEach((step, element) -> {
            if (!old.containsKey(step)) {
                addTree(element, shape.element(), changed.descend(step));
            }
        });
    }

    private static void compareBelow(
            String step,
            JsonNode before,
            JsonNode after,
            @Nullable MergeNode shape,
            FieldSet changed,
            FieldSet removed) {
        var changedBelow = new FieldSet();
        var removedBelow = new FieldSet();
        compare(before, after, shape, changedBelow, removedBelow);
        if (!changedBelow.isEmpty()) {
            changed.descend(step).addAll(changedBelow);
        }
        if (!removedBelow.isEmpty()) {
            removed.descend(step).addAll(removedBelow);
        }
    }

    /** {@code value}'s own place and all places inside. */
    private static void addTree(JsonNode value, @Nullable MergeNode shape, FieldSet here) {
        here.insert();
        switch (value) {
            case ObjectNode object
            when isGranular(shape) ->
                object.properties()
                        .forEach(field -> addTree(
                                field.getValue(),
                                below(shape, field.getKey()),
                                here.descend(Steps.field(field.getKey()))));
            case ArrayNode array
            when shape != null && shape.listType() != ListType.ATOMIC ->
                byStep(array, shape).forEach((step, element) -> addTree(element, shape.element(), here.descend(step)));
            default -> {}
        }
    }

    /** The elements of a list that merges, by their step, in order. Of equal ones the first counts. */
    static Map<String, JsonNode> byStep(ArrayNode list, MergeNode shape) {
        var elements = new LinkedHashMap<String, JsonNode>();
        list.forEach(element -> elements.putIfAbsent(Steps.element(shape, element), element));
        return elements;
    }
}
