package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of places in an object, as a tree, as {@code managedFields[].fieldsV1} holds it.
 *
 * <p>Steps are written as there: {@code f:name} for a field, {@code k:{"name":"x"}} for an element by its keys,
 * {@code v:"x"} for an element of a set. Confined to one request.
 */
final class FieldSet {
    /** Deeper than any object can be that was read. */
    private static final int MAX_DEPTH = 250;

    private boolean member;
    private final Map<String, FieldSet> children = new TreeMap<>();

    /** Whether this place itself is in the set. */
    boolean isMember() {
        return member;
    }

    Map<String, FieldSet> children() {
        return children;
    }

    @Nullable
    FieldSet child(String step) {
        return children.get(step);
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    void insert() {
        member = true;
    }

    FieldSet descend(String step) {
        return children.computeIfAbsent(step, _ -> new FieldSet());
    }

    void addAll(FieldSet other) {
        member |= other.member;
        other.children.forEach((step, below) -> descend(step).addAll(below));
    }

    /** Takes out the places that {@code other} holds. */
    void removeAll(FieldSet other) {
        member &= !other.member;
        other.children.forEach((step, below) -> {
            var mine = children.get(step);
            if (mine != null) {
                mine.removeAll(below);
                if (mine.isEmpty()) {
                    children.remove(step);
                }
            }
        });
    }

    /** Takes out a place and everything below it. */
    void removeTree(List<String> path) {
        if (path.size() == 1) {
            children.remove(path.getFirst());
            return;
        }
        var below = children.get(path.getFirst());
        if (below != null) {
            below.removeTree(path.subList(1, path.size()));
            if (below.isEmpty()) {
                children.remove(path.getFirst());
            }
        }
    }

    FieldSet intersection(FieldSet other) {
        var both = new FieldSet();
        both.member = member && other.member;
        children.forEach((step, below) -> {
            var theirs = other.children.get(step);
            if (theirs != null) {
                var common = below.intersection(theirs);
                if (!common.isEmpty()) {
                    both.children.put(step, common);
                }
            }
        });
        return both;
    }

    FieldSet copy() {
        var copy = new FieldSet();
        copy.addAll(this);
        return copy;
    }

    /** Every place in the set, in the notation of messages: {@code .spec.containers[name="x"].image}. */
    List<String> paths() {
        var paths = new ArrayList<String>();
        collect("", (path, _) -> paths.add(path));
        return paths;
    }

    private void collect(String path, BiConsumer<String, FieldSet> found) {
        if (member) {
            found.accept(path, this);
        }
        children.forEach((step, below) -> below.collect(path + Steps.display(step), found));
    }

    ObjectNode toJson() {
        var node = Json.object();
        if (member && !children.isEmpty()) {
            node.putObject(".");
        }
        children.forEach((step, below) -> node.set(step, below.toJson()));
        return node;
    }

    static FieldSet ofJson(JsonNode node) {
        var set = new FieldSet();
        set.read(node, 0);
        return set;
    }

    private void read(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        if (depth > 0 && node.isEmpty()) {
            member = true;
        }
        for (var field : node.properties()) {
            if (field.getKey().equals(".")) {
                member = true;
            } else {
                descend(field.getKey()).read(field.getValue(), depth + 1);
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return 31 * children.hashCode() + Boolean.hashCode(member);
    }

    @Override
    public String toString() {
        return paths().toString();
    }
}
