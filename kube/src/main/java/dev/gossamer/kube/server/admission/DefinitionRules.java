package dev.gossamer.kube.server.admission;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.InvalidSchemaException;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Definitions;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Custom resource definitions: their names, versions and schemas must be usable; they are established at once.
 *
 * <p>Thread-safe: holds no state.
 */
public final class DefinitionRules implements Admission {
    /** Keeps a definition until its objects are gone. */
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private static final Pattern GROUP =
            Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private final TimeSource time;

    public DefinitionRules(TimeSource time) {
        this.time = time;
    }

    @Override
    public void admit(Review review) throws ApiException {
        if (!review.is(Definitions.GROUP, Definitions.PLURAL)
                || !review.subresource().isEmpty()) {
            return;
        }
        var definition = review.object();
        var spec = Json.ensureObject(definition, "spec");
        var names = Json.ensureObject(spec, "names");
        var kind = Json.text(names, "kind");
        Json.putIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
        Json.putIfAbsent(names, "listKind", kind + "List");
        var problems = problems(definition, spec, names, review.before());
        if (!problems.isEmpty()) {
            throw ApiException.invalid(review.resource().subject(Json.text(definition, "metadata", "name")), problems);
        }
        if (review.creates()) {
            var finalizers = Json.ensureArray(Json.ensureObject(definition, "metadata"), "finalizers");
            finalizers.add(CLEANUP);
        }
        establish(definition, spec, names);
    }

    private static List<Cause> problems(
            ObjectNode definition, ObjectNode spec, ObjectNode names, @Nullable ObjectNode before) {
        var problems = new ArrayList<Cause>();
        var group = Json.text(spec, "group");
        var name = Json.text(definition, "metadata", "name");
        var wanted = Json.text(names, "plural") + "." + group;
        if (!name.equals(wanted)) {
            problems.add(invalid("metadata.name", "\"" + name + "\"", "must be spec.names.plural+\".\"+spec.group"));
        }
        if (!GROUP.matcher(group).matches()) {
            problems.add(invalid("spec.group", "\"" + group + "\"", "should be a domain with at least one dot"));
        }
        if (before != null && !Json.text(before, "spec", "scope").equals(Json.text(spec, "scope"))) {
            problems.add(invalid("spec.scope", "\"" + Json.text(spec, "scope") + "\"", "field is immutable"));
        }
        long storage = 0;
        int index = 0;
        for (var version : spec.path("versions")) {
            storage += Json.isTrue(version, "storage") ? 1 : 0;
            checkSchema(version, "spec.versions[" + index + "].schema.openAPIV3Schema", problems);
            index++;
        }
        if (storage != 1) {
            problems.add(invalid(
                    "spec.versions",
                    Integer.toString(index) + " versions",
                    "must have exactly one version marked as storage version"));
        }
        return problems;
    }

    private static void checkSchema(JsonNode version, String path, List<Cause> problems) {
        if (Json.child(version, "schema", "openAPIV3Schema") == null) {
            problems.add(new Cause("FieldValueRequired", path, "Required value: schemas are required"));
            return;
        }
        try {
            CompiledSchema.compile(Definitions.schema(version));
        } catch (InvalidSchemaException e) {
            for (var error : e.problems()) {
                var field = error.field().isEmpty() ? path : path + "." + error.field();
                problems.add(new Cause(error.reason().cause(), field, error.message()));
            }
        }
    }

    private static Cause invalid(String field, String value, String why) {
        return new Cause("FieldValueInvalid", field, "Invalid value: " + value + ": " + why);
    }

    private void establish(ObjectNode definition, ObjectNode spec, ObjectNode names) {
        var status = Json.ensureObject(definition, "status");
        status.set("acceptedNames", names.deepCopy());
        var stored = new LinkedHashSet<String>();
        status.path("storedVersions").forEach(version -> stored.add(version.asString("")));
        for (var version : spec.path("versions")) {
            if (Json.isTrue(version, "storage")) {
                stored.add(Json.text(version, "name"));
            }
        }
        var list = status.putArray("storedVersions");
        stored.forEach(list::add);
        if (!(status.get("conditions") instanceof ArrayNode conditions) || conditions.isEmpty()) {
            var now = time.now().truncatedTo(ChronoUnit.SECONDS).toString();
            var fresh = status.putArray("conditions");
            condition(fresh.addObject(), "NamesAccepted", "NoConflicts", "no conflicts found", now);
            condition(
                    fresh.addObject(),
                    "Established",
                    "InitialNamesAccepted",
                    "the initial names have been accepted",
                    now);
        }
    }

    private static void condition(ObjectNode into, String type, String reason, String message, String now) {
        into.put("lastTransitionTime", now)
                .put("message", message)
                .put("reason", reason)
                .put("status", "True")
                .put("type", type);
    }
}
