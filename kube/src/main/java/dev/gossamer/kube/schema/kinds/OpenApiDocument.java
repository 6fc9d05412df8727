package dev.gossamer.kube.schema.kinds;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes the OpenAPI v3 document of one group and version, as {@code kubectl explain} and {@code apply} read it. Stateless. */
public final class OpenApiDocument {
    private static final String GROUP_VERSION_KIND = "x-kubernetes-group-version-kind";
    private static final String REFERENCE = "#/components/schemas/";
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private static final String LIST_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

    private OpenApiDocument() {}

    /** A kind to describe; {@code schema} is its {@code openAPIV3Schema}, or null for a built-in kind. */
    public record Served(ResourceKind kind, @Nullable ObjectNode schema) {}

    /** The document to be served at {@code /openapi/v3/apis/<group>/<version>} ({@code /openapi/v3/api/v1} for core). */
    public static ObjectNode of(String group, String version, List<Served> kinds) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", version);
        var paths = document.putObject("paths");
        var schemas = document.putObject("components").putObject("schemas");
        BuiltInKinds.describeMetadata(schemas);
        String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        for (var served : kinds) {
            var kind = served.kind();
            var schema = served.schema();
            String name = schema == null ? BuiltInKinds.describe(kind, schemas) : custom(kind, schema, schemas);
            ((ObjectNode) schemas.get(name)).putArray(GROUP_VERSION_KIND).add(groupVersionKind(kind));
            if (kind.allows("list")) {
                list(kind, name, schemas);
            }
            addPaths(base, kind, name, schema == null, paths);
        }
        return document;
    }

    /** A custom kind's schema, completed by what every object has. */
    private static String custom(ResourceKind kind, ObjectNode schema, ObjectNode schemas) {
        var component = schema.deepCopy();
        var properties =
                component.get("properties") instanceof ObjectNode known ? known : component.putObject("properties");
        properties
                .putObject("apiVersion")
                .put("type", "string")
                .put("description", "The group and version in which the object is written.");
        properties.putObject("kind").put("type", "string").put("description", "The kind of the object.");
        properties
                .putObject("metadata")
                .put("description", "What identifies the object and what is recorded about it.")
                .putArray("allOf")
                .addObject()
                .put("$ref", REFERENCE + OBJECT_META);
        var labels = new ArrayList<>(Arrays.asList(kind.group().split("\\.")));
        Collections.reverse(labels);
        String name = String.join(".", labels) + "." + kind.version() + "."
                + kind.names().kind();
        schemas.set(name, component);
        return name;
    }

    private static void list(ResourceKind kind, String itemName, ObjectNode schemas) {
        String name = itemName + "List";
        var component = schemas.putObject(name).put("type", "object").put("description", "A list of objects.");
        component.putArray("required").add("items");
        var properties = component.putObject("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.putObject("metadata").put("$ref", REFERENCE + LIST_META);
        properties.putObject("items").put("type", "array").putObject("items").put("$ref", REFERENCE + itemName);
        var groupVersionKind = groupVersionKind(kind);
        groupVersionKind.put("kind", kind.names().listKind());
        component.putArray(GROUP_VERSION_KIND).add(groupVersionKind);
    }

    private static void addPaths(String base, ResourceKind kind, String name, boolean builtIn, ObjectNode paths) {
        String plural = "/" + kind.names().plural();
        String collection = kind.namespaced() ? base + "/namespaces/{namespace}" + plural : base + plural;
        if (kind.namespaced() && kind.allows("list")) {
            operation(paths.putObject(base + plural), "get", "list", kind, name + "List");
        }
        var onCollection = paths.putObject(collection);
        if (kind.allows("list")) {
            operation(onCollection, "get", "list", kind, name + "List");
            operation(onCollection, "delete", "deletecollection", kind, name + "List");
        }
        operation(onCollection, "post", "post", kind, name);
        if (!kind.allows("get")) {
            return;
        }
        var onItem = paths.putObject(collection + "/{name}");
        addItem(onItem, kind, name, builtIn);
        if (kind.subresources().status()) {
            addItem(paths.putObject(collection + "/{name}/status"), kind, name, builtIn);
        }
    }

    private static void addItem(ObjectNode path, ResourceKind kind, String name, boolean builtIn) {
        operation(path, "get", "get", kind, name);
        operation(path, "put", "put", kind, name);
        operation(path, "delete", "delete", kind, name);
        var content = operation(path, "patch", "patch", kind, name)
                .putObject("requestBody")
                .putObject("content");
        // By these, kubectl decides which kind of patch to send.
        content.putObject("application/json-patch+json");
        content.putObject("application/merge-patch+json");
        if (builtIn) {
            content.putObject("application/strategic-merge-patch+json");
        }
        content.putObject("application/apply-patch+yaml");
    }

    private static ObjectNode operation(
            ObjectNode path, String method, String action, ResourceKind kind, String result) {
        var operation = path.putObject(method);
        operation.put("x-kubernetes-action", action);
        operation.set(GROUP_VERSION_KIND, groupVersionKind(kind));
        var parameters = operation.putArray("parameters");
        for (String parameter : parameters(action)) {
            parameters
                    .addObject()
                    .put("name", parameter)
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", REFERENCE + result);
        return operation;
    }

    private static List<String> parameters(String action) {
        return switch (action) {
            case "list" ->
                List.of(
                        "allowWatchBookmarks",
                        "continue",
                        "fieldSelector",
                        "labelSelector",
                        "limit",
                        "resourceVersion",
                        "resourceVersionMatch",
                        "sendInitialEvents",
                        "timeoutSeconds",
                        "watch");
            case "post", "put" -> List.of("dryRun", "fieldManager", "fieldValidation");
            case "patch" -> List.of("dryRun", "fieldManager", "fieldValidation", "force");
            case "delete" -> List.of("dryRun", "gracePeriodSeconds", "propagationPolicy");
            case "deletecollection" -> List.of("dryRun", "fieldSelector", "labelSelector", "propagationPolicy");
            default -> List.of("resourceVersion");
        };
    }

    private static ObjectNode groupVersionKind(ResourceKind kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", kind.group())
                .put("kind", kind.names().kind())
                .put("version", kind.version());
    }
}
