package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch: a merge patch that finds elements of lists by a key, with directives for what a
 * merge cannot say.
 *
 * <p>Immutable.
 */
public final class StrategicPatch {
    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String SET_ORDER = "$setElementOrder/";
    private static final String DELETE_PRIMITIVES = "$deleteFromPrimitiveList/";

    private StrategicPatch() {}

    /** {@code target} with {@code patch} merged in; neither is changed. {@code shape}: how the kind's fields merge. */
    public static ObjectNode apply(ObjectNode target, JsonNode patch, MergeNode shape) throws ApiException {
        if (!(patch instanceof ObjectNode changes)) {
            throw ApiException.badRequest("a strategic merge patch is an object");
        }
        var result = target.deepCopy();
        merge(result, changes, shape);
        return result;
    }

    private static void merge(ObjectNode target, ObjectNode patch, @Nullable MergeNode shape) throws ApiException {
        switch (Json.text(patch, PATCH)) {
            case "" -> {}
            case "merge" -> {}
            case "delete" -> {
                target.removeAll();
                return;
            }
            case "replace" -> {
                target.removeAll();
                copyWithoutDirectives(patch, target);
                return;
            }
            default -> throw ApiException.badRequest("unknown " + PATCH + " directive " + patch.get(PATCH));
        }
        if (patch.get(RETAIN_KEYS) instanceof ArrayNode retained) {
            retain(target, retained);
        }
        for (var field : patch.properties()) {
            var name = field.getKey();
            if (name.startsWith(DELETE_PRIMITIVES)) {
                deletePrimitives(target, name.substring(DELETE_PRIMITIVES.length()), field.getValue());
            } else if (!name.startsWith("$")) {
                mergeField(target, name, field.getValue(), shape == null ? null : shape.field(name));
            }
        }
        for (var field : patch.properties()) {
            if (field.getKey().startsWith(SET_ORDER) && field.getValue() instanceof ArrayNode order) {
                var name = field.getKey().substring(SET_ORDER.length());
                if (target.get(name) instanceof ArrayNode list) {
                    target.set(name, ordered(list, order, mergeKey(shape == null ? null : shape.field(name))));
                }
            }
        }
    }

    private static void mergeField(ObjectNode target, String name, JsonNode value, @Nullable MergeNode shape)
            throws ApiException {
        switch (value) {
            case ObjectNode changes -> mergeObject(target, name, changes, shape);
            case ArrayNode changes
            when mergesLists(shape) -> {
                var list = target.get(name) instanceof ArrayNode present ? present : target.putArray(name);
                target.set(name, mergeList(list, changes, shape));
            }
            case JsonNode nothing when nothing.isNull() -> target.remove(name);
            case JsonNode other -> target.set(name, other.deepCopy());
        }
    }

    private static void mergeObject(ObjectNode target, String name, ObjectNode changes, @Nullable MergeNode shape)
            throws ApiException {
        if (Json.text(changes, PATCH).equals("delete")) {
            target.remove(name);
            return;
        }
        boolean replace = shape != null && shape.patchStrategies().contains("replace");
        var below = !replace && target.get(name) instanceof ObjectNode present ? present : target.putObject(name);
        merge(below, changes, shape);
    }

    private static boolean mergesLists(@Nullable MergeNode shape) {
        return shape != null && shape.patchStrategies().contains("merge");
    }

    private static @Nullable String mergeKey(@Nullable MergeNode shape) {
        return shape == null ? null : shape.patchMergeKey();
    }

    private static ArrayNode mergeList(ArrayNode list, ArrayNode changes, @Nullable MergeNode shape)
            throws ApiException {
        var key = mergeKey(shape);
        if (key == null) {
            return union(list, changes);
        }
        var elements = new ArrayList<JsonNode>();
        for (var change : changes) {
            if (Json.text(change, PATCH).equals("replace")) {
                return replacement(changes);
            }
        }
        list.forEach(elements::add);
        for (var change : changes) {
            mergeElement(elements, change, key, shape == null ? null : shape.element());
        }
        return Json.array().addAll(elements);
    }

    private static void mergeElement(List<JsonNode> elements, JsonNode change, String key, @Nullable MergeNode shape)
            throws ApiException {
        if (!(change instanceof ObjectNode object)) {
            throw ApiException.badRequest("an element of a list that merges by " + key + " is not an object");
        }
        var identity = object.get(key);
        boolean delete = Json.text(object, PATCH).equals("delete");
        if (identity == null) {
            throw ApiException.badRequest("map: " + object + " does not contain declared merge key: " + key);
        }
        int at = -1;
        for (int i = 0; i < elements.size() && at < 0; i++) {
            if (Json.same(elements.get(i).path(key), identity)) {
                at = i;
            }
        }
        if (delete) {
            elements.removeIf(element -> Json.same(element.path(key), identity));
        } else if (at >= 0 && elements.get(at) instanceof ObjectNode present) {
            merge(present, object, shape);
        } else {
            var fresh = Json.object();
            merge(fresh, object, shape);
            elements.add(fresh);
        }
    }

    /** A list one of whose elements says {@code $patch: replace}: the others are the new list. */
    private static ArrayNode replacement(ArrayNode changes) {
        var result = Json.array();
        for (var change : changes) {
            if (change instanceof ObjectNode object && !object.has(PATCH)) {
                var fresh = result.addObject();
                copyWithoutDirectives(object, fresh);
            }
        }
        return result;
    }

    private static ArrayNode union(ArrayNode list, ArrayNode changes) {
        var result = Json.array();
        Set<JsonNode> seen = new HashSet<>();
        for (var source : List.of(list, changes)) {
            for (var element : source) {
                if (seen.add(element)) {
                    result.add(element.deepCopy());
                }
            }
        }
        return result;
    }

    private static void retain(ObjectNode target, ArrayNode retained) {
        var names = new HashSet<String>();
        retained.forEach(name -> names.add(name.asString("")));
        target.retain(names);
    }

    private static void deletePrimitives(ObjectNode target, String name, JsonNode values) {
        if (!(target.get(name) instanceof ArrayNode list)) {
            return;
        }
        var gone = new HashSet<JsonNode>();
        values.forEach(gone::add);
        var left = Json.array();
        for (var element : list) {
            if (!gone.contains(element)) {
                left.add(element);
            }
        }
        target.set(name, left);
    }

    /** {@code list} in the order given; elements that the order does not name stay behind the one they followed. */
    private static ArrayNode ordered(ArrayNode list, ArrayNode order, @Nullable String key) {
        var wanted = new ArrayList<JsonNode>();
        order.forEach(element -> wanted.add(key == null ? element : element.path(key)));
        var groups = new ArrayList<List<JsonNode>>();
        var leading = new ArrayList<JsonNode>();
        var ranks = new ArrayList<Integer>();
        for (var element : list) {
            int rank = rank(wanted, key == null ? element : element.path(key));
            if (rank >= 0) {
                ranks.add(rank);
                groups.add(new ArrayList<>(List.of(element)));
            } else if (groups.isEmpty()) {
                leading.add(element);
            } else {
                groups.getLast().add(element);
            }
        }
        var indexes = new ArrayList<Integer>();
        for (int i = 0; i < groups.size(); i++) {
            indexes.add(i);
        }
        indexes.sort((a, b) -> Integer.compare(ranks.get(a), ranks.get(b)));
        var result = Json.array().addAll(leading);
        indexes.forEach(index -> result.addAll(groups.get(index)));
        return result;
    }

    private static int rank(List<JsonNode> wanted, JsonNode identity) {
        for (int i = 0; i < wanted.size(); i++) {
            if (Json.same(wanted.get(i), identity)) {
                return i;
            }
        }
        return -1;
    }

    private static void copyWithoutDirectives(ObjectNode from, ObjectNode to) {
        for (var field : from.properties()) {
            if (!field.getKey().startsWith("$") && !field.getValue().isNull()) {
                to.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
