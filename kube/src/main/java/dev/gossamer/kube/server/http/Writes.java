package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.DeleteOptions;
import dev.gossamer.kube.server.objects.FieldValidation;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.objects.WriteOptions;
import dev.gossamer.kube.server.objects.Written;
import dev.gossamer.kube.server.patch.JsonPatch;
import dev.gossamer.kube.server.patch.MergePatch;
import dev.gossamer.kube.server.patch.StrategicPatch;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Store;
import dev.gossamer.kube.server.table.Tables;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** POST, PUT, PATCH and DELETE of objects. Thread-safe: holds no state. */
final class Writes {
    private static final int MAX_MANAGER_LENGTH = 128;

    private final Objects objects;
    private final Store store;
    private final Tables tables;

    Writes(Objects objects, Store store, Tables tables) {
        this.objects = objects;
        this.store = store;
        this.tables = tables;
    }

    void create(Exchange exchange, Resource resource, String namespace) throws IOException, ApiException {
        var body = Bodies.object(exchange);
        var created = objects.create(resource, namespace, body.object(), options(exchange, body.duplicates()));
        respond(exchange, resource, new Written(created, true));
    }

    void replace(Exchange exchange, Resource resource, String namespace, String name, String subresource)
            throws IOException, ApiException {
        var body = Bodies.object(exchange);
        var replacement = body.object();
        if (!Json.text(replacement, "metadata", "name").equals(name)) {
            throw ApiException.badRequest("the name of the object (" + Json.text(replacement, "metadata", "name")
                    + ") does not match the name on the URL (" + name + ")");
        }
        var options = options(exchange, body.duplicates());
        var updated = objects.update(resource, namespace, name, subresource, _ -> replacement.deepCopy(), options);
        respond(exchange, resource, new Written(updated, false));
    }

    void patch(Exchange exchange, Resource resource, String namespace, String name, String subresource)
            throws IOException, ApiException {
        var type = Bodies.mediaType(exchange);
        var bytes = exchange.body();
        if (type.equals("application/apply-patch+yaml")) {
            apply(exchange, resource, namespace, name, subresource, bytes);
            return;
        }
        var parsed = Bodies.json(bytes);
        var patch = parsed.root();
        Objects.Update update =
                switch (type) {
                    case "application/json-patch+json" -> current -> object(JsonPatch.apply(current, patch));
                    case "application/merge-patch+json" -> current -> object(MergePatch.apply(current, patch));
                    case "application/strategic-merge-patch+json" -> {
                        if (resource.custom() != null) {
                            throw unsupported(type, resource);
                        }
                        yield current -> StrategicPatch.apply(
                                current, patch, resource.schema().merging());
                    }
                    default -> throw unsupported(type, resource);
                };
        var options = options(exchange, parsed.duplicates());
        respond(
                exchange,
                resource,
                new Written(objects.update(resource, namespace, name, subresource, update, options), false));
    }

    private static ObjectNode object(JsonNode patched) throws ApiException {
        if (patched instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the patch makes something else than an object of it");
    }

    private static ApiException unsupported(String type, Resource resource) {
        return Bodies.unsupported(
                type,
                "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
                        + (resource.custom() == null ? ", application/strategic-merge-patch+json" : ""));
    }

    private void apply(
            Exchange exchange, Resource resource, String namespace, String name, String subresource, byte[] bytes)
            throws IOException, ApiException {
        if (exchange.query("fieldManager") == null) {
            throw ApiException.of(
                    Reason.INVALID,
                    "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        }
        var body = Bodies.object(Bodies.yaml(bytes));
        var options = options(exchange, body.duplicates());
        boolean force = exchange.queryTrue("force");
        respond(
                exchange,
                resource,
                objects.apply(resource, namespace, name, subresource, body.object(), force, options));
    }

    private void respond(Exchange exchange, Resource resource, Written written) throws IOException, ApiException {
        var view = View.of(exchange);
        exchange.respond(written.created() ? 201 : 200, view.render(tables, resource, written.object(), true));
    }

    void delete(Exchange exchange, Resource resource, String namespace, String name) throws IOException, ApiException {
        var options = deleteOptions(exchange);
        var deleted = objects.delete(resource, namespace, name, options);
        if (!deleted.gone() || resource.is("", "pods") || resource.is("", "namespaces")) {
            exchange.respond(200, deleted.object());
            return;
        }
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        var details = status.putObject("details").put("name", name);
        if (!resource.group().isEmpty()) {
            details.put("group", resource.group());
        }
        details.put("kind", resource.plural()).put("uid", Json.text(deleted.object(), "metadata", "uid"));
        exchange.respond(200, status);
    }

    void deleteCollection(Exchange exchange, Resource resource, String namespace) throws IOException, ApiException {
        var selection = Selection.of(exchange, resource, namespace, "");
        var options = deleteOptions(exchange);
        var list = Json.object()
                .put("kind", resource.kind().names().listKind())
                .put("apiVersion", resource.kind().apiVersion());
        var listing = store.list(resource.storage(), namespace);
        list.putObject("metadata").put("resourceVersion", Long.toString(listing.version()));
        var items = list.putArray("items");
        for (var entry : listing.entries()) {
            if (selection.matches(entry.object())) {
                try {
                    items.add(objects.delete(
                                    resource,
                                    entry.key().namespace(),
                                    entry.key().name(),
                                    options)
                            .object());
                } catch (ApiException e) {
                    if (e.reason() != Reason.NOT_FOUND) {
                        throw e;
                    }
                }
            }
        }
        exchange.respond(200, list);
    }

    /** From the body, or, where that says nothing, from the query. */
    private static DeleteOptions deleteOptions(Exchange exchange) throws IOException, ApiException {
        var body = Bodies.optionalObject(exchange);
        var grace = exchange.queryNumber("gracePeriodSeconds");
        if (grace != null && !body.has("gracePeriodSeconds")) {
            body.put("gracePeriodSeconds", grace);
        }
        var policy = exchange.query("propagationPolicy");
        if (policy != null && !body.has("propagationPolicy")) {
            body.put("propagationPolicy", policy);
        }
        var dryRun = exchange.queryAll("dryRun");
        if (!dryRun.isEmpty() && !body.has("dryRun")) {
            dryRun.forEach(Json.ensureArray(body, "dryRun")::add);
        }
        return DeleteOptions.parse(body);
    }

    static WriteOptions options(Exchange exchange, List<String> duplicates) throws ApiException {
        return new WriteOptions(
                exchange.caller(),
                dryRun(exchange),
                manager(exchange),
                validation(exchange),
                duplicates,
                exchange::warn);
    }

    private static boolean dryRun(Exchange exchange) throws ApiException {
        var values = exchange.queryAll("dryRun");
        for (var value : values) {
            if (!value.equals("All") && !value.isEmpty()) {
                throw ApiException.of(
                        Reason.INVALID,
                        "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"" + value
                                + "\": supported values: \"All\"");
            }
        }
        return values.contains("All");
    }

    /** The manager that the client names, or the first word of its User-Agent. */
    private static String manager(Exchange exchange) throws ApiException {
        var named = exchange.query("fieldManager");
        if (named != null) {
            if (named.length() > MAX_MANAGER_LENGTH) {
                throw ApiException.of(
                        Reason.INVALID,
                        "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than "
                                + MAX_MANAGER_LENGTH + " bytes");
            }
            return named;
        }
        var agent = exchange.header(HttpHeader.USER_AGENT);
        int slash = agent.indexOf('/');
        var word = slash < 0 ? agent : agent.substring(0, slash);
        var cut = word.length() > MAX_MANAGER_LENGTH ? word.substring(0, MAX_MANAGER_LENGTH) : word;
        return cut.isEmpty() ? "unknown" : cut;
    }

    private static FieldValidation validation(Exchange exchange) throws ApiException {
        var text = exchange.query("fieldValidation");
        if (text == null) {
            return FieldValidation.WARN;
        }
        return switch (text) {
            case "Ignore" -> FieldValidation.IGNORE;
            case "Warn" -> FieldValidation.WARN;
            case "Strict" -> FieldValidation.STRICT;
            default ->
                throw ApiException.of(
                        Reason.INVALID,
                        "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"" + text
                                + "\": supported values: \"Ignore\", \"Warn\", \"Strict\"");
        };
    }
}
