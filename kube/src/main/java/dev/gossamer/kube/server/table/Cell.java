package dev.gossamer.kube.server.table;

import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Column;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A column, and how a cell of it is made. Immutable. */
record Cell(Column column, Value value) {
    /** Makes a cell of an object. */
    @FunctionalInterface
    interface Value {
        JsonNode of(ObjectNode object, Instant now);
    }

    static final Cell NAME = new Cell(
            new Column("Name", "string", "name", "Name must be unique within a namespace.", 0, ".metadata.name"),
            (object, _) -> text(Json.text(object, "metadata", "name")));
    static final Cell AGE = new Cell(
            new Column("Age", "string", "", "Time since the object was created.", 0, ".metadata.creationTimestamp"),
            (object, now) -> text(Ages.since(Json.text(object, "metadata", "creationTimestamp"), now)));

    static Cell of(String name, String description, Function<ObjectNode, String> value) {
        return of(name, description, 0, value);
    }

    /** Only with {@code -o wide}. */
    static Cell wide(String name, String description, Function<ObjectNode, String> value) {
        return of(name, description, 1, value);
    }

    private static Cell of(String name, String description, int priority, Function<ObjectNode, String> value) {
        return new Cell(
                new Column(name, "string", "", description, priority, ""), (object, _) -> text(value.apply(object)));
    }

    static Cell number(String name, String description, Function<ObjectNode, Long> value) {
        return new Cell(
                new Column(name, "integer", "", description, 0, ""),
                (object, _) -> JsonNodeFactory.instance.numberNode(value.apply(object)));
    }

    static Cell timed(String name, String description, int priority, Value value) {
        return new Cell(new Column(name, "string", "", description, priority, ""), value);
    }

    static JsonNode text(String text) {
        return JsonNodeFactory.instance.stringNode(text);
    }
}
