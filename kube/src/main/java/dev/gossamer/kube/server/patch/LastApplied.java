package dev.gossamer.kube.server.patch;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * The way from kubectl's client-side apply to its server-side one: what was applied in the old way may be changed in
 * the new one without force.
 *
 * <p>Immutable.
 */
final class LastApplied {
    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String MANAGER = "kubectl";

    private LastApplied() {}

    /** Takes out of {@code conflicts} those on fields that the object says were applied by kubectl before. */
    static void forgive(Manager manager, ObjectNode live, MergeNode shape, Map<Manager, FieldSet> conflicts) {
        var text = Json.text(live, "metadata", "annotations", ANNOTATION);
        if (!manager.name().equals(MANAGER) || text.isEmpty() || conflicts.isEmpty()) {
            return;
        }
        try {
            if (JsonReader.json(text.getBytes(StandardCharsets.UTF_8)).root() instanceof ObjectNode applied) {
                var allowed = Fields.of(applied, shape);
                conflicts.values().forEach(contested -> contested.removeAll(allowed));
                conflicts.values().removeIf(FieldSet::isEmpty);
            }
        } catch (MalformedJsonException e) {
            // Whoever wrote something else into the annotation has to force the change.
            return;
        }
    }
}
