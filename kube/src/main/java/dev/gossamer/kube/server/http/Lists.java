package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Entry;
import dev.gossamer.kube.server.storage.ForgottenException;
import dev.gossamer.kube.server.storage.Listing;
import dev.gossamer.kube.server.storage.Store;
import dev.gossamer.kube.server.table.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** GET of a collection, in pages if asked for. Thread-safe: holds no state. */
final class Lists {
    private static final String TOO_OLD_TOKEN =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list"
                    + " without the continue parameter.";

    /** Where a page ends: the rest of the list is read as of {@code version}. Immutable. */
    private record Token(long version, String after) {
        String encode() {
            var node =
                    Json.object().put("v", "meta.k8s.io/v1").put("rv", version).put("start", after);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(node));
        }

        static Token decode(String text) throws ApiException {
            try {
                var node = JsonReader.json(Base64.getUrlDecoder().decode(text)).root();
                return new Token(Json.number(node, 0, "rv"), Json.text(node, "start"));
            } catch (IllegalArgumentException | MalformedJsonException e) {
                throw ApiException.badRequest("continue key is not valid: " + e.getMessage());
            }
        }
    }

    /** Immutable. */
    private record Page(
            long version,
            List<ObjectNode> objects,
            @Nullable Token next,
            long remaining) {}

    private final Store store;
    private final Tables tables;

    Lists(Store store, Tables tables) {
        this.store = store;
        this.tables = tables;
    }

    void serve(Exchange exchange, Resource resource, String namespace) throws IOException, ApiException {
        var selection = Selection.of(exchange, resource, namespace, "");
        var view = View.of(exchange);
        var page = page(exchange, resource, selection);
        var metadata = Json.object().put("resourceVersion", Long.toString(page.version()));
        if (page.next() != null) {
            metadata.put("continue", page.next().encode());
            if (selection.labels().requirements().isEmpty()
                    && selection.fields().terms().isEmpty()) {
                metadata.put("remainingItemCount", page.remaining());
            }
        }
        exchange.respond(200, render(resource, view, page.objects(), metadata));
    }

    private ObjectNode render(Resource resource, View view, List<ObjectNode> objects, ObjectNode metadata) {
        return switch (view) {
            case View.Table(var include) -> tables.table(resource, metadata, objects, include, true);
            case View.Plain() ->
                list(resource.kind().names().listKind(), resource.kind().apiVersion(), metadata, objects);
            case View.MetadataOnly() ->
                list(
                        "PartialObjectMetadataList",
                        "meta.k8s.io/v1",
                        metadata,
                        objects.stream().map(View::metadataOnly).toList());
        };
    }

    private static ObjectNode list(String kind, String apiVersion, ObjectNode metadata, List<ObjectNode> objects) {
        var list = Json.object().put("kind", kind).put("apiVersion", apiVersion);
        list.set("metadata", metadata);
        list.putArray("items").addAll(objects);
        return list;
    }

    private Page page(Exchange exchange, Resource resource, Selection selection) throws ApiException {
        var limit = exchange.queryNumber("limit");
        var continued = exchange.query("continue");
        var token = continued == null ? null : Token.decode(continued);
        var listing = listing(exchange, resource, selection.namespace(), token);
        var objects = new ArrayList<ObjectNode>();
        String last = "";
        int seen = 0;
        for (var entry : listing.entries()) {
            seen++;
            if (token != null && place(entry).compareTo(token.after()) <= 0) {
                continue;
            }
            var object = Objects.in(resource, entry.object());
            if (selection.matches(object)) {
                if (limit != null && limit > 0 && objects.size() == limit) {
                    return new Page(
                            listing.version(),
                            objects,
                            new Token(listing.version(), last),
                            listing.entries().size() - seen + 1);
                }
                objects.add(object);
                last = place(entry);
            }
        }
        return new Page(listing.version(), objects, null, 0);
    }

    private static String place(Entry entry) {
        return entry.key().namespace() + "/" + entry.key().name();
    }

    private Listing listing(Exchange exchange, Resource resource, String namespace, @Nullable Token token)
            throws ApiException {
        if (token != null) {
            try {
                return store.listAt(resource.storage(), namespace, token.version());
            } catch (ForgottenException e) {
                throw ApiException.of(Reason.EXPIRED, TOO_OLD_TOKEN);
            }
        }
        var asked = exchange.query("resourceVersion");
        if (!"Exact".equals(exchange.query("resourceVersionMatch")) || asked == null) {
            return store.list(resource.storage(), namespace);
        }
        try {
            return store.listAt(resource.storage(), namespace, version(asked));
        } catch (ForgottenException e) {
            throw expired(e);
        }
    }

    static ApiException expired(ForgottenException e) {
        return ApiException.of(Reason.EXPIRED, "too old resource version: " + e.asked() + " (" + e.oldest() + ")");
    }

    static long version(String text) throws ApiException {
        try {
            long version = Long.parseLong(text);
            if (version >= 0) {
                return version;
            }
        } catch (NumberFormatException e) {
            // Answered below, together with negative numbers.
        }
        throw ApiException.badRequest(
                "Invalid value: \"" + text + "\": resourceVersion is not a version of this server");
    }
}
