package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.schema.MergeNode.ListType;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lays an applied configuration over an object, and takes out what nobody wants any more. Immutable. */
final class TypedMerge {
    private TypedMerge() {}

    /** {@code live} with everything that {@code applied} says; neither is changed. */
    static ObjectNode merge(ObjectNode live, ObjectNode applied, MergeNode shape) throws ApiException {
        var result = live.deepCopy();
        mergeInto(result, applied, shape, "");
        return result;
    }

    private static void mergeInto(ObjectNode live, ObjectNode applied, @Nullable MergeNode shape, String path)
            throws ApiException {
        for (var field : applied.properties()) {
            var name = field.getKey();
            live.set(name, merged(live.get(name), field.getValue(), Fields.below(shape, name), path + "." + name));
        }
    }

    private static JsonNode merged(@Nullable JsonNode live, JsonNode applied, @Nullable MergeNode shape, String path)
            throws ApiException {
        if (applied instanceof ObjectNode a && Fields.isGranular(shape)) {
            var base = live instanceof ObjectNode present ? present : Json.object();
            mergeInto(base, a, shape, path);
            return base;
        }
        if (applied instanceof ArrayNode a && shape != null && shape.listType() != ListType.ATOMIC) {
            return mergedList(live instanceof ArrayNode present ? present : Json.array(), a, shape, path);
        }
        return applied.deepCopy();
    }

    /** The applied order holds among applied elements; the others stay where they stood relative to those before. */
    private static ArrayNode mergedList(ArrayNode live, ArrayNode applied, MergeNode shape, String path)
            throws ApiException {
        var wanted = Fields.byStep(applied, shape);
        if (wanted.size() < applied.size()) {
            throw ApiException.badRequest(
                    "failed to create typed patch object: " + path + ": " + duplicate(applied, shape));
        }
        var present = Fields.byStep(live, shape);
        var result = Json.array();
        var done = new HashSet<String>();
        var rest = List.copyOf(present.keySet()).iterator();
        var pending = rest.hasNext() ? rest.next() : null;
        for (var element : wanted.entrySet()) {
            while (pending != null && (!wanted.containsKey(pending) || done.contains(pending))) {
                if (done.add(pending)) {
                    result.add(present.get(pending));
                }
                pending = rest.hasNext() ? rest.next() : null;
            }
            done.add(element.getKey());
            result.add(merged(
                    present.get(element.getKey()),
                    element.getValue(),
                    shape.element(),
                    path + Steps.display(element.getKey())));
        }
        present.forEach((step, element) -> {
            if (done.add(step)) {
                result.add(element);
            }
        });
        return result;
    }

    private static String duplicate(ArrayNode applied, MergeNode shape) {
        var seen = new HashSet<String>();
        for (var element : applied) {
            var step = Steps.element(shape, element);
            if (!seen.add(step)) {
                return "duplicate entries for key " + Steps.display(step);
            }
        }
        return "duplicate entries";
    }

    /**
     * Takes out of {@code object}, in place, each value that {@code abandoned} names and {@code kept} neither names nor
     * reaches into. A value goes with all that it holds, defaults included.
     */
    static void prune(ObjectNode object, FieldSet abandoned, FieldSet kept, @Nullable MergeNode shape) {
        for (var child : abandoned.children().entrySet()) {
            var step = child.getKey();
            if (!step.startsWith("f:")) {
                continue;
            }
            var name = step.substring(2);
            var value = object.get(name);
            var keptBelow = kept.child(step);
            if (value == null) {
                continue;
            }
            if (keptBelow == null) {
                object.remove(name);
            } else {
                pruneInside(value, child.getValue(), keptBelow, Fields.below(shape, name));
            }
        }
    }

    private static void pruneInside(JsonNode value, FieldSet abandoned, FieldSet kept, @Nullable MergeNode shape) {
        switch (value) {
            case ObjectNode object when Fields.isGranular(shape) -> prune(object, abandoned, kept, shape);
            case ArrayNode array
            when shape != null && shape.listType() != ListType.ATOMIC -> {
                for (int i = array.size() - 1; i >= 0; i--) {
                    var step = Steps.element(shape, array.get(i));
                    var abandonedBelow = abandoned.child(step);
                    var keptBelow = kept.child(step);
                    if (abandonedBelow != null && keptBelow == null) {
                        array.remove(i);
                    } else if (abandonedBelow != null && keptBelow != null) {
                        pruneInside(array.get(i), abandonedBelow, keptBelow, shape.element());
                    }
                }
            }
            default -> {}
        }
    }
}
