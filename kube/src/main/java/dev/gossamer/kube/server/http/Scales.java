package dev.gossamer.kube.server.http;

import dev.gossamer.kube.schema.kinds.ResourceKind;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.patch.JsonPatch;
import dev.gossamer.kube.server.patch.MergePatch;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code /scale} subresource: the numbers of an object in one form for all kinds. Thread-safe: holds no state. */
final class Scales {
    private final Objects objects;

    Scales(Objects objects) {
        this.objects = objects;
    }

    void serve(Exchange exchange, Resource resource, ResourceKind.Scale paths, String namespace, String name)
            throws IOException, ApiException {
        switch (exchange.method()) {
            case "GET" -> exchange.respond(200, scale(objects.get(resource, namespace, name), paths));
            case "PUT" -> {
                var wanted = Bodies.object(exchange).object();
                update(exchange, resource, paths, namespace, name, _ -> wanted);
            }
            case "PATCH" -> {
                var type = Bodies.mediaType(exchange);
                var patch = Bodies.json(exchange.body()).root();
                update(exchange, resource, paths, namespace, name, scale -> patched(type, scale, patch));
            }
            default -> throw Verbs.notAllowed();
        }
    }

    private static JsonNode patched(String type, ObjectNode scale, JsonNode patch) throws ApiException {
        return switch (type) {
            case "application/json-patch+json" -> JsonPatch.apply(scale, patch);
            // A scale holds no list that a strategic patch would merge, so that the two are the same here.
            case "application/merge-patch+json", "application/strategic-merge-patch+json" ->
                MergePatch.apply(scale, patch);
            default ->
                throw Bodies.unsupported(
                        type,
                        "application/json-patch+json, application/merge-patch+json,"
                                + " application/strategic-merge-patch+json");
        };
    }

    /** What becomes of a scale. */
    @FunctionalInterface
    private interface Change {
        JsonNode apply(ObjectNode scale) throws ApiException;
    }

    private void update(
            Exchange exchange,
            Resource resource,
            ResourceKind.Scale paths,
            String namespace,
            String name,
            Change change)
            throws IOException, ApiException {
        Objects.Update update = current -> {
            var wanted = change.apply(scale(current, paths));
            long replicas = replicas(resource, name, wanted);
            set(current, paths.specReplicasPath(), replicas);
            var version = Json.text(wanted, "metadata", "resourceVersion");
            if (!version.isEmpty()) {
                Json.ensureObject(current, "metadata").put("resourceVersion", version);
            }
            return current;
        };
        var updated = objects.update(resource, namespace, name, "scale", update, Writes.options(exchange, List.of()));
        exchange.respond(200, scale(updated, paths));
    }

    private static long replicas(Resource resource, String name, JsonNode scale) throws ApiException {
        long replicas = Json.number(scale, 0, "spec", "replicas");
        if (replicas < 0 || replicas > Integer.MAX_VALUE) {
            throw ApiException.invalid(
                    resource.subject(name),
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "spec.replicas",
                            "Invalid value: " + replicas + ": must be greater than or equal to 0")));
        }
        return replicas;
    }

    private static ObjectNode scale(ObjectNode object, ResourceKind.Scale paths) {
        var scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        var metadata = scale.putObject("metadata");
        for (var field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            var value = object.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        scale.putObject("spec")
                .put("replicas", find(object, paths.specReplicasPath()).asLong(0));
        var status = scale.putObject("status")
                .put("replicas", find(object, paths.statusReplicasPath()).asLong(0));
        var selectorPath = paths.labelSelectorPath();
        if (selectorPath != null) {
            status.put("selector", selector(find(object, selectorPath)));
        }
        return scale;
    }

    /** As text: either it stands so in the object, or it is a label selector. */
    private static String selector(JsonNode selector) {
        if (selector.isString()) {
            return selector.stringValue();
        }
        return selector.path("matchLabels").properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asString(""))
                .collect(Collectors.joining(","));
    }

    private static List<String> steps(String path) {
        return List.of((path.startsWith(".") ? path.substring(1) : path).split("\\."));
    }

    private static JsonNode find(ObjectNode object, String path) {
        return Json.at(object, steps(path).toArray(String[]::new));
    }

    private static void set(ObjectNode object, String path, long value) {
        var steps = steps(path);
        var parent = object;
        for (var step : steps.subList(0, steps.size() - 1)) {
            parent = Json.ensureObject(parent, step);
        }
        parent.put(steps.getLast(), value);
    }
}
