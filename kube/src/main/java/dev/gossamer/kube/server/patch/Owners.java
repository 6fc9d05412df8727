package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.server.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code metadata.managedFields}: who owns which fields of an object. Confined to one request.
 */
final class Owners {
    /** As a real server: beyond this many updaters, the oldest become one. */
    private static final int MAX_UPDATERS = 10;

    /** Confined to one request. */
    private record Claim(FieldSet fields, String time) {}

    private final Map<Manager, Claim> claims;

    private Owners(Map<Manager, Claim> claims) {
        this.claims = claims;
    }

    static Owners of(JsonNode object) {
        var claims = new LinkedHashMap<Manager, Claim>();
        for (var entry : Json.at(object, "metadata", "managedFields")) {
            if (entry.isObject() && !entry.isEmpty()) {
                var manager = new Manager(
                        Json.text(entry, "manager"),
                        Json.text(entry, "operation").equals("Apply"),
                        Json.text(entry, "apiVersion"),
                        Json.text(entry, "subresource"));
                var fields = FieldSet.ofJson(entry.path("fieldsV1"));
                var earlier = claims.get(manager);
                if (earlier != null) {
                    fields.addAll(earlier.fields());
                }
                claims.put(manager, new Claim(fields, Json.text(entry, "time")));
            }
        }
        return new Owners(claims);
    }

    List<Manager> managers() {
        return List.copyOf(claims.keySet());
    }

    FieldSet fields(Manager manager) {
        var claim = claims.get(manager);
        return claim == null ? new FieldSet() : claim.fields();
    }

    /** The manager's entry, whatever version it wrote in. */
    Manager known(Manager manager) {
        for (var other : claims.keySet()) {
            if (other.name().equals(manager.name())
                    && other.apply() == manager.apply()
                    && other.subresource().equals(manager.subresource())) {
                return other;
            }
        }
        return manager;
    }

    /** Gives {@code manager} exactly {@code fields}; none ends its entry. The time changes only with the fields. */
    void set(Manager manager, FieldSet fields, Instant now) {
        var previous = claims.remove(known(manager));
        if (fields.isEmpty()) {
            return;
        }
        var time = previous != null && previous.fields().equals(fields)
                ? previous.time()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        claims.put(manager, new Claim(fields, time));
    }

    /** Takes {@code fields} from everyone but {@code manager}. */
    void takeFromOthers(Manager manager, FieldSet fields) {
        for (var other : managers()) {
            if (!other.equals(manager)) {
                fields(other).removeAll(fields);
                if (fields(other).isEmpty()) {
                    claims.remove(other);
                }
            }
        }
    }

    /** Everything that someone other than {@code manager} owns. */
    FieldSet ofOthers(Manager manager) {
        var all = new FieldSet();
        claims.forEach((other, claim) -> {
            if (!other.equals(manager)) {
                all.addAll(claim.fields());
            }
        });
        return all;
    }

    void writeTo(ObjectNode object) {
        mergeOldestUpdaters();
        var metadata = Json.ensureObject(object, "metadata");
        metadata.remove("managedFields");
        if (claims.isEmpty()) {
            return;
        }
        var list = metadata.putArray("managedFields");
        var sorted = new ArrayList<>(claims.entrySet());
        // Appliers first, then by time: the order in which a real server lists them.
        sorted.sort((a, b) -> {
            int byOperation = Boolean.compare(!a.getKey().apply(), !b.getKey().apply());
            return byOperation != 0
                    ? byOperation
                    : a.getValue().time().compareTo(b.getValue().time());
        });
        for (var claim : sorted) {
            var manager = claim.getKey();
            var entry = list.addObject().put("apiVersion", manager.apiVersion()).put("fieldsType", "FieldsV1");
            entry.set("fieldsV1", claim.getValue().fields().toJson());
            entry.put("manager", manager.name()).put("operation", manager.apply() ? "Apply" : "Update");
            if (!manager.subresource().isEmpty()) {
                entry.put("subresource", manager.subresource());
            }
            entry.put("time", claim.getValue().time());
        }
    }

    private void mergeOldestUpdaters() {
        var updaters = claims.entrySet().stream()
                .filter(claim ->
                        !claim.getKey().apply() && claim.getKey().subresource().isEmpty())
                .sorted((a, b) -> a.getValue().time().compareTo(b.getValue().time()))
                .toList();
        int excess = updaters.size() - MAX_UPDATERS;
        if (excess <= 0) {
            return;
        }
        var merged = new FieldSet();
        var newest = "";
        for (var old : updaters.subList(0, excess + 1)) {
            merged.addAll(old.getValue().fields());
            newest = old.getValue().time();
            claims.remove(old.getKey());
        }
        var version = updaters.getFirst().getKey().apiVersion();
        claims.put(new Manager("ancient-changes", false, version, ""), new Claim(merged, newest));
    }
}
