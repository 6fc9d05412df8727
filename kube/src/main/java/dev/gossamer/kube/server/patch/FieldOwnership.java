package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps account of who owns which field, and applies configurations against that account.
 *
 * <p>Immutable; one per request, for one kind and one writer.
 */
public final class FieldOwnership {
    /** What the server itself sets or what names the object: nobody owns these. */
    private static final List<List<String>> UNOWNED = List.of(
            List.of("f:apiVersion"),
            List.of("f:kind"),
            List.of("f:metadata", "f:name"),
            List.of("f:metadata", "f:namespace"),
            List.of("f:metadata", "f:creationTimestamp"),
            List.of("f:metadata", "f:selfLink"),
            List.of("f:metadata", "f:uid"),
            List.of("f:metadata", "f:generation"),
            List.of("f:metadata", "f:resourceVersion"),
            List.of("f:metadata", "f:managedFields"),
            List.of("f:metadata", "f:deletionTimestamp"),
            List.of("f:metadata", "f:deletionGracePeriodSeconds"));

    private final MergeNode shape;
    private final Manager manager;
    private final boolean hasStatus;
    private final Instant now;

    /** {@code hasStatus}: status is a subresource, so that writers of the object itself never own it. */
    public FieldOwnership(MergeNode shape, Manager manager, boolean hasStatus, Instant now) {
        this.shape = shape;
        this.manager = manager;
        this.hasStatus = hasStatus;
        this.now = now;
    }

    /**
     * Lays {@code applied} over {@code live}: sets what it says, takes out what the manager applied before and says no
     * more, and notes the new owners in the result.
     *
     * @param live the object as it stands, or an empty one
     * @throws ApiException if others own what would change, and {@code force} is false
     */
    public ObjectNode apply(ObjectNode live, ObjectNode applied, boolean force) throws ApiException {
        var configuration = applied.deepCopy();
        dropNulls(configuration);
        var owners = Owners.of(live);
        var self = owners.known(manager);
        var wanted = Fields.of(configuration, shape);
        strip(wanted);
        var merged = TypedMerge.merge(live, configuration, shape);
        var others = owners.ofOthers(self);
        var kept = wanted.copy();
        kept.addAll(others);
        // The object's name stands in there: it stays, whoever owns nothing in it any more.
        kept.descend("f:metadata").insert();
        var abandoned = owners.fields(self);
        TypedMerge.prune(merged, abandoned, kept, shape);

        var difference = Fields.between(live, merged, shape);
        strip(difference.changed());
        var conflicts = conflicts(owners, self, difference.changed());
        if (!force) {
            LastApplied.forgive(manager, live, shape, conflicts);
            if (!conflicts.isEmpty()) {
                throw conflict(conflicts);
            }
        }
        owners.takeFromOthers(self, difference.changed());
        owners.takeFromOthers(self, difference.removed());
        owners.set(manager, wanted, now);
        owners.writeTo(merged);
        return merged;
    }

    private static void dropNulls(ObjectNode object) {
        object.properties().removeIf(field -> field.getValue().isNull());
        for (var field : object.properties()) {
            if (field.getValue() instanceof ObjectNode inner) {
                dropNulls(inner);
            } else if (field.getValue() instanceof ArrayNode list) {
                list.forEach(element -> {
                    if (element instanceof ObjectNode inner) {
                        dropNulls(inner);
                    }
                });
            }
        }
    }

    /**
     * Notes in {@code after} that the manager made it out of {@code before} by create, update or patch.
     *
     * @param before the object as it stands, or null for a new one
     */
    public void track(@Nullable ObjectNode before, ObjectNode after) {
        var given = Json.at(after, "metadata", "managedFields");
        boolean reset = given.size() == 1 && given.get(0).isEmpty();
        // A client that sends none (an older one, or one that cut them off to save space) means no change to them.
        var owners =
                given.isArray() && !given.isEmpty() ? Owners.of(after) : Owners.of(before == null ? after : before);
        if (reset) {
            Json.ensureObject(after, "metadata").remove("managedFields");
            return;
        }
        var base = before == null ? Json.object() : before;
        var difference = Fields.between(base, after, shape);
        strip(difference.changed());
        strip(difference.removed());
        if (before != null
                && difference.changed().isEmpty()
                && difference.removed().isEmpty()) {
            owners.writeTo(after);
            return;
        }
        var self = owners.known(manager);
        var mine = owners.fields(self).copy();
        mine.removeAll(difference.removed());
        mine.addAll(difference.changed());
        owners.takeFromOthers(self, difference.changed());
        owners.takeFromOthers(self, difference.removed());
        owners.set(manager, mine, now);
        owners.writeTo(after);
    }

    private void strip(FieldSet fields) {
        UNOWNED.forEach(fields::removeTree);
        if (hasStatus && manager.subresource().isEmpty()) {
            fields.removeTree(List.of("f:status"));
        }
        if (manager.subresource().equals("status")) {
            fields.removeTree(List.of("f:spec"));
        }
        // That there is an object called metadata or spec is nobody's doing.
        for (var top : List.of("f:metadata", "f:spec", "f:status")) {
            var below = fields.child(top);
            if (below != null && !below.children().isEmpty()) {
                below.removeAll(memberOnly());
            }
        }
        var metadata = fields.child("f:metadata");
        if (metadata != null && metadata.children().isEmpty()) {
            fields.removeTree(List.of("f:metadata"));
        }
        fields.removeAll(memberOnly());
    }

    private static FieldSet memberOnly() {
        var set = new FieldSet();
        set.insert();
        return set;
    }

    private static Map<Manager, FieldSet> conflicts(Owners owners, Manager self, FieldSet changed) {
        var conflicts = new TreeMap<Manager, FieldSet>((a, b) -> a.display().compareTo(b.display()));
        for (var other : owners.managers()) {
            if (!other.equals(self)) {
                var contested = owners.fields(other).intersection(changed);
                if (!contested.isEmpty()) {
                    conflicts.put(other, contested);
                }
            }
        }
        return conflicts;
    }

    private static ApiException conflict(Map<Manager, FieldSet> conflicts) {
        var causes = new ArrayList<Cause>();
        var lines = new ArrayList<String>();
        conflicts.forEach((manager, fields) -> {
            lines.add("conflicts with " + manager.display() + ":");
            for (var path : fields.paths()) {
                causes.add(new Cause("FieldManagerConflict", path, "conflict with " + manager.display()));
                lines.add("- " + path);
            }
        });
        var message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + causes.getFirst().message() + ": "
                        + causes.getFirst().field()
                : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
        return ApiException.applyConflict(message, causes);
    }
}
