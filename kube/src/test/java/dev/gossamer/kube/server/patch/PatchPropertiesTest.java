package dev.gossamer.kube.server.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.kube.schema.MergeNode;
import dev.gossamer.kube.schema.kinds.BuiltInKinds;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class PatchPropertiesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final MergeNode DEPLOYMENT = BuiltInKinds.schema(
                    Objects.requireNonNull(BuiltInKinds.find("apps", "v1", "Deployment")))
            .merging();

    private static ObjectNode apply(ObjectNode live, ObjectNode applied, String manager, boolean force)
            throws ApiException {
        return new FieldOwnership(DEPLOYMENT, new Manager(manager, true, "apps/v1", ""), true, NOW)
                .apply(live, applied, force);
    }

    /** Deployments that differ in labels, replicas, containers, their images, ports and environment. */
    @Provide
    Arbitrary<ObjectNode> deployments() {
        var names = Arbitraries.of("a", "b", "c");
        var labels = Arbitraries.maps(names, Arbitraries.of("1", "2")).ofMaxSize(3);
        var replicas = Arbitraries.integers().between(0, 3);
        return Combinators.combine(labels, replicas, containers().list().ofMaxSize(3))
                .as((label, count, list) -> {
                    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
                    var metadata = object.putObject("metadata").put("name", "d");
                    if (!label.isEmpty()) {
                        label.forEach(metadata.putObject("labels")::put);
                    }
                    var spec = object.putObject("spec");
                    if (count < 3) {
                        spec.put("replicas", count);
                    }
                    var distinct = new ArrayList<String>();
                    var containers =
                            spec.putObject("template").putObject("spec").putArray("containers");
                    list.forEach(container -> {
                        if (!distinct.contains(Json.text(container, "name"))) {
                            distinct.add(Json.text(container, "name"));
                            containers.add(container.deepCopy());
                        }
                    });
                    return object;
                });
    }

    private static Arbitrary<ObjectNode> containers() {
        var name = Arbitraries.of("x", "y", "z");
        var image = Arbitraries.of("i1", "i2");
        var ports = Arbitraries.integers().between(80, 82).set().ofMaxSize(2);
        var variables = Arbitraries.of("E", "F").set().ofMaxSize(2);
        return Combinators.combine(name, image, ports, variables).as((own, picture, numbers, environment) -> {
            var container = Json.object().put("name", own).put("image", picture);
            numbers.forEach(number -> Json.ensureArray(container, "ports")
                    .addObject()
                    .put("containerPort", number)
                    .put("protocol", "TCP"));
            environment.forEach(variable -> Json.ensureArray(container, "env")
                    .addObject()
                    .put("name", variable)
                    .put("value", "v"));
            return container;
        });
    }

    @Property(seed = "1", tries = 150)
    void applyingTwiceChangesNothing(@ForAll("deployments") ObjectNode live, @ForAll("deployments") ObjectNode applied)
            throws ApiException {
        var base = apply(Json.object(), live, "first", false);
        var once = apply(base, applied, "second", true);
        assertThat(apply(once, applied, "second", false)).isEqualTo(once);
    }

    @Property(seed = "2", tries = 150)
    void whatWasAppliedIsThere(@ForAll("deployments") ObjectNode live, @ForAll("deployments") ObjectNode applied)
            throws ApiException {
        var base = apply(Json.object(), live, "first", false);
        var after = apply(base, applied, "second", true);
        var owned = Owners.of(after).fields(new Manager("second", true, "apps/v1", ""));
        // Applying is a merge: laying the same over the result finds nothing to change.
        assertThat(Json.same(TypedMerge.merge(after, applied, DEPLOYMENT), after))
                .isTrue();
        assertThat(owned.paths()).allMatch(path -> path.startsWith(".metadata.labels") || path.startsWith(".spec"));
    }

    @Property(seed = "3", tries = 150)
    void aSoleApplierGetsWhatItAppliesAndNothingElse(
            @ForAll("deployments") ObjectNode before, @ForAll("deployments") ObjectNode after) throws ApiException {
        var first = apply(Json.object(), before, "only", false);
        var second = apply(first, after, "only", false);
        assertThat(withoutEmpty(second)).isEqualTo(withoutEmpty(after));
    }

    @Property(seed = "4", tries = 150)
    void anApplierThatLeavesTakesOnlyItsOwn(
            @ForAll("deployments") ObjectNode one, @ForAll("deployments") ObjectNode two) throws ApiException {
        var base = apply(Json.object(), one, "stays", false);
        var both = apply(base, two, "leaves", true);
        var kept = Owners.of(both)
                .fields(new Manager("stays", true, "apps/v1", ""))
                .paths();
        var nothing = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
        nothing.putObject("metadata").put("name", "d");
        var left = apply(both, nothing, "leaves", false);
        assertThat(Owners.of(left)
                        .fields(new Manager("stays", true, "apps/v1", ""))
                        .paths())
                .isEqualTo(kept);
        assertThat(Fields.of(withoutManagers(left), DEPLOYMENT).paths()).containsAll(kept);
    }

    @Property(seed = "5", tries = 150)
    void ownersSurviveBeingWrittenAndRead(@ForAll("deployments") ObjectNode object) {
        var set = Fields.of(object, DEPLOYMENT);
        assertThat(FieldSet.ofJson(set.toJson())).isEqualTo(set);
    }

    @Property(seed = "6", tries = 150)
    void mergePatchIsIdempotent(@ForAll("deployments") ObjectNode target, @ForAll("deployments") ObjectNode patch) {
        var once = MergePatch.apply(target, patch);
        assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
    }

    @Property(seed = "7", tries = 150)
    void strategicPatchIsIdempotentAndKeepsOthersContainers(
            @ForAll("deployments") ObjectNode target, @ForAll("deployments") ObjectNode patch) throws ApiException {
        var once = StrategicPatch.apply(target, patch, DEPLOYMENT);
        assertThat(StrategicPatch.apply(once, patch, DEPLOYMENT)).isEqualTo(once);
        assertThat(names(once)).containsAll(names(target)).containsAll(names(patch));
    }

    @Property(seed = "8", tries = 150)
    void jsonPatchOfOneReplacementIsExact(
            @ForAll("deployments") ObjectNode target, @ForAll("deployments") ObjectNode other) throws ApiException {
        var operations = Json.array();
        operations.addObject().put("op", "replace").put("path", "/spec").set("value", other.get("spec"));
        operations.addObject().put("op", "test").put("path", "/spec").set("value", other.get("spec"));
        var before = target.deepCopy();
        assertThat(JsonPatch.apply(target, operations).get("spec")).isEqualTo(other.get("spec"));
        assertThat(target).as("the target itself is not touched").isEqualTo(before);
    }

    @Property(seed = "9", tries = 200)
    void jsonPatchNeverFailsInAnotherWayThanItSays(@ForAll("patches") JsonNode patch) {
        var target = Json.object().put("a", 1);
        target.putArray("list").add(1).add(2);
        try {
            JsonPatch.apply(target, patch);
        } catch (ApiException e) {
            assertThat(e.code()).isBetween(400, 499);
        }
    }

    @Provide
    Arbitrary<JsonNode> patches() {
        var paths = Arbitraries.of(
                "", "/", "/a", "/list", "/list/0", "/list/2", "/list/-", "/list/9", "/a/b", "x", "/list/01");
        var kinds = Arbitraries.of("add", "remove", "replace", "move", "copy", "test", "none");
        return Combinators.combine(kinds, paths, paths, Arbitraries.integers().between(0, 3))
                .as((kind, path, from, value) -> {
                    var operation =
                            Json.object().put("op", kind).put("path", path).put("from", from);
                    if (value > 0) {
                        operation.set("value", JsonNodeFactory.instance.numberNode(value));
                    }
                    return (JsonNode) operation;
                })
                .list()
                .ofMaxSize(5)
                .map(list -> Json.array().addAll(list));
    }

    private static List<String> names(ObjectNode deployment) {
        var names = new ArrayList<String>();
        Json.at(deployment, "spec", "template", "spec", "containers")
                .forEach(container -> names.add(Json.text(container, "name")));
        return names;
    }

    private static ObjectNode withoutManagers(ObjectNode object) {
        var copy = object.deepCopy();
        Json.ensureObject(copy, "metadata").remove("managedFields");
        return copy;
    }

    /** Lists and objects that are empty say the same as none. */
    private static ObjectNode withoutEmpty(ObjectNode object) {
        var copy = withoutManagers(object);
        prune(copy);
        return copy;
    }

    private static void prune(ObjectNode object) {
        object.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode inner) {
                prune(inner);
            }
        });
        object.properties()
                .removeIf(field ->
                        field.getValue().isContainer() && field.getValue().isEmpty());
    }
}
