package dev.gossamer.kube.server.http;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.auth.Attributes;
import dev.gossamer.kube.server.auth.Authorizer;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Store;
import dev.gossamer.kube.server.table.Tables;
import java.io.IOException;
import java.util.Map;

/** Everything under {@code /api/v1} and {@code /apis/<group>/<version>}. Thread-safe: holds no state. */
public final class ResourceApi {
    private final Catalog catalog;
    private final Store store;
    private final Objects objects;
    private final Authorizer authorizer;
    private final Tables tables;
    private final TimeSource time;
    private final WebSockets sockets;
    private final Lists lists;
    private final Writes writes;
    private final Scales scales;
    private final Map<String, Review> reviews;
    private final Map<String, Subresource> subresources;

    /**
     * Wires the parts.
     *
     * @param reviews by group and plural
     * @param subresources by group, plural and subresource: {@code /pods/log}
     */
    public ResourceApi(
            Catalog catalog,
            Store store,
            Objects objects,
            Authorizer authorizer,
            TimeSource time,
            WebSockets sockets,
            Map<String, Review> reviews,
            Map<String, Subresource> subresources) {
        this.catalog = catalog;
        this.store = store;
        this.objects = objects;
        this.authorizer = authorizer;
        this.tables = new Tables(time);
        this.time = time;
        this.sockets = sockets;
        this.lists = new Lists(store, tables);
        this.writes = new Writes(objects, store, tables);
        this.scales = new Scales(objects);
        this.reviews = Map.copyOf(reviews);
        this.subresources = Map.copyOf(subresources);
    }

    void serve(Exchange exchange, ApiPath path) throws IOException, ApiException, InterruptedException {
        boolean watch = path.watch() || exchange.queryTrue("watch");
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        var verb = Verbs.of(exchange.method(), path.isCollection(), watch && reads);
        authorizer.require(
                exchange.caller(),
                new Attributes.ForResource(
                        verb, path.group(), path.plural(), path.subresource(), path.namespace(), path.name()));
        var resource = catalog.find(path.group(), path.version(), path.plural());
        if (resource == null || (!resource.namespaced() && !path.namespace().isEmpty())) {
            throw ApiException.noSuchPath();
        }
        warnIfDeprecated(exchange, resource);
        if (!path.subresource().isEmpty()) {
            subresource(exchange, resource, path);
        } else if (path.isCollection()) {
            collection(exchange, resource, path, verb);
        } else {
            single(exchange, resource, path, verb);
        }
    }

    private static void warnIfDeprecated(Exchange exchange, Resource resource) {
        if (resource.custom() != null && !resource.custom().warning().isEmpty()) {
            exchange.warn(resource.custom().warning());
        }
    }

    private void collection(Exchange exchange, Resource resource, ApiPath path, String verb)
            throws IOException, ApiException, InterruptedException {
        var review = reviews.get(resource.storage());
        if (review != null) {
            if (!verb.equals("create")) {
                throw Verbs.notAllowed();
            }
            var question = Bodies.object(exchange).object();
            exchange.respond(201, review.answer(question, path.namespace(), exchange.caller()));
            return;
        }
        boolean needsNamespace = resource.namespaced() && path.namespace().isEmpty();
        switch (verb) {
            case "list" -> lists.serve(exchange, resource, path.namespace());
            case "watch" -> watch(exchange, resource, path);
            case "create" -> {
                if (needsNamespace) {
                    throw Verbs.notAllowed();
                }
                writes.create(exchange, resource, path.namespace());
            }
            case "deletecollection" -> {
                if (needsNamespace) {
                    throw Verbs.notAllowed();
                }
                writes.deleteCollection(exchange, resource, path.namespace());
            }
            default -> throw Verbs.notAllowed();
        }
    }

    private void watch(Exchange exchange, Resource resource, ApiPath path)
            throws IOException, ApiException, InterruptedException {
        var selection = Selection.of(exchange, resource, path.namespace(), path.name());
        var stream = new WatchStream(exchange, resource, selection, tables, time);
        if (WebSockets.isWanted(exchange)) {
            // Some client libraries prefer this to a response that goes on and on.
            ChannelSocket.Conversation watch = socket -> stream.serve(store, new WatchSink.Messages(socket));
            sockets.upgrade(exchange, null, new ChannelSocket(watch, () -> {}));
        } else {
            stream.serve(store, new WatchSink.Lines(exchange, exchange.stream("application/json")));
        }
    }

    private void single(Exchange exchange, Resource resource, ApiPath path, String verb)
            throws IOException, ApiException, InterruptedException {
        if (reviews.containsKey(resource.storage())
                || (resource.namespaced() && path.namespace().isEmpty())) {
            throw ApiException.noSuchPath();
        }
        switch (verb) {
            case "get" -> get(exchange, resource, path);
            case "watch" -> watch(exchange, resource, path);
            case "update" -> writes.replace(exchange, resource, path.namespace(), path.name(), "");
            case "patch" -> writes.patch(exchange, resource, path.namespace(), path.name(), "");
            case "delete" -> writes.delete(exchange, resource, path.namespace(), path.name());
            default -> throw Verbs.notAllowed();
        }
    }

    private void get(Exchange exchange, Resource resource, ApiPath path) throws IOException, ApiException {
        var object = Objects.in(resource, objects.get(resource, path.namespace(), path.name()));
        exchange.respond(200, View.of(exchange).render(tables, resource, object, true));
    }

    private void subresource(Exchange exchange, Resource resource, ApiPath path)
            throws IOException, ApiException, InterruptedException {
        var own = subresources.get(resource.storage() + "/" + path.subresource());
        if (own != null) {
            own.serve(exchange, resource, path.namespace(), path.name());
            return;
        }
        switch (path.subresource()) {
            case "status" -> status(exchange, resource, path);
            case "scale" -> {
                var scale = resource.kind().subresources().scale();
                if (scale == null) {
                    throw ApiException.noSuchPath();
                }
                scales.serve(exchange, resource, scale, path.namespace(), path.name());
            }
            default -> throw ApiException.noSuchPath();
        }
    }

    private void status(Exchange exchange, Resource resource, ApiPath path) throws IOException, ApiException {
        if (!resource.hasStatus()) {
            throw ApiException.noSuchPath();
        }
        switch (exchange.method()) {
            case "GET" -> get(exchange, resource, path);
            case "PUT" -> writes.replace(exchange, resource, path.namespace(), path.name(), "status");
            case "PATCH" -> writes.patch(exchange, resource, path.namespace(), path.name(), "status");
            default -> throw Verbs.notAllowed();
        }
    }
}
