package dev.gossamer.kube.server.table;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Column;
import dev.gossamer.kube.server.resource.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Renders objects as {@code meta.k8s.io/v1 Table}. Thread-safe: holds no state. */
public final class Tables {
    /** What each row carries beside its cells: query parameter {@code includeObject}. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private static final List<Cell> NAME_AND_AGE = List.of(Cell.NAME, Cell.AGE);

    private final TimeSource time;

    public Tables(TimeSource time) {
        this.time = time;
    }

    /** {@code listMetadata}: the metadata of the list, or of the one object. */
    public ObjectNode table(
            Resource resource, ObjectNode listMetadata, List<ObjectNode> objects, Include include, boolean columns) {
        var cells = cells(resource);
        var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", listMetadata);
        if (columns) {
            definitions(cells, table.putArray("columnDefinitions"));
        } else {
            table.set("columnDefinitions", NullNode.getInstance());
        }
        var rows = table.putArray("rows");
        var now = time.now();
        for (var object : objects) {
            row(cells, object, include, now, rows.addObject());
        }
        return table;
    }

    private static void row(List<Cell> cells, ObjectNode object, Include include, Instant now, ObjectNode row) {
        var values = row.putArray("cells");
        for (var cell : cells) {
            values.add(cell.value().of(object, now));
        }
        switch (include) {
            case NONE -> {}
            case OBJECT -> row.set("object", object);
            case METADATA -> {
                var partial = row.putObject("object")
                        .put("kind", "PartialObjectMetadata")
                        .put("apiVersion", "meta.k8s.io/v1");
                partial.set("metadata", object.path("metadata"));
            }
        }
    }

    private static void definitions(List<Cell> cells, ArrayNode into) {
        for (var cell : cells) {
            into.addObject()
                    .put("name", cell.column().name())
                    .put("type", cell.column().type())
                    .put("format", cell.column().format())
                    .put("description", cell.column().description())
                    .put("priority", cell.column().priority());
        }
    }

    private static List<Cell> cells(Resource resource) {
        var custom = resource.custom();
        if (custom == null) {
            var known = BuiltInColumns.of(resource.storage());
            return known == null ? NAME_AND_AGE : known;
        }
        if (custom.columns().isEmpty()) {
            return NAME_AND_AGE;
        }
        var cells = new ArrayList<Cell>();
        cells.add(Cell.NAME);
        for (var column : custom.columns()) {
            cells.add(custom(column));
        }
        return cells;
    }

    private static Cell custom(Column column) {
        var path = PrinterPath.parse(column.jsonPath());
        return new Cell(column, (object, now) -> customValue(column, path.find(object), now));
    }

    private static JsonNode customValue(Column column, List<JsonNode> found, Instant now) {
        if (found.isEmpty()) {
            return NullNode.getInstance();
        }
        var first = found.getFirst();
        return switch (column.type()) {
            case "integer", "number" -> first.isNumber() ? first : NullNode.getInstance();
            case "boolean" -> first.isBoolean() ? first : NullNode.getInstance();
            case "date" -> Cell.text(Ages.since(first.asString(""), now));
            default -> Cell.text(joined(found));
        };
    }

    private static String joined(List<JsonNode> found) {
        var parts = new ArrayList<String>();
        for (var node : found) {
            parts.add(node.isString() ? node.stringValue() : node.toString());
        }
        return String.join(",", parts);
    }
}
