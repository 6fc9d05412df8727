package dev.gossamer.kube.server.table;

import dev.gossamer.kube.server.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns of events. Immutable. */
final class EventCells {
    static final List<Cell> CELLS = List.of(
            Cell.timed("Last Seen", "When it happened last.", 0, EventCells::lastSeen),
            Cell.of("Type", "Normal or Warning.", event -> Json.text(event, "type")),
            Cell.of("Reason", "Why, in one word.", event -> Json.text(event, "reason")),
            Cell.of("Object", "What it is about.", EventCells::about),
            Cell.wide("Subobject", "Which part of it.", event -> Json.text(event, "involvedObject", "fieldPath")),
            Cell.wide("Source", "Who says so.", EventCells::source),
            Cell.of(
                    "Message",
                    "Why, in a sentence.",
                    event -> Json.text(event, "message").strip()),
            Cell.timed(
                    "First Seen",
                    "When it happened first.",
                    1,
                    (event, now) -> Cell.text(Ages.since(first(event, "firstTimestamp", "eventTime"), now))),
            Cell.wide("Count", "How often it happened.", event -> Long.toString(Json.number(event, 1, "count"))),
            Cell.wide("Name", "The event's own name.", event -> Json.text(event, "metadata", "name")));

    private EventCells() {}

    private static JsonNode lastSeen(ObjectNode event, Instant now) {
        return Cell.text(Ages.since(first(event, "lastTimestamp", "eventTime"), now));
    }

    private static String first(ObjectNode event, String field, String otherwise) {
        var time = Json.text(event, field);
        return time.isEmpty() ? Json.text(event, otherwise) : time;
    }

    private static String about(ObjectNode event) {
        var about = event.path(event.has("involvedObject") ? "involvedObject" : "regarding");
        return Json.text(about, "kind").toLowerCase(Locale.ROOT) + "/" + Json.text(about, "name");
    }

    private static String source(ObjectNode event) {
        var component = Json.text(event, "source", "component");
        var host = Json.text(event, "source", "host");
        if (component.isEmpty()) {
            component = Json.text(event, "reportingComponent");
        }
        return host.isEmpty() ? component : component + ", " + host;
    }
}
