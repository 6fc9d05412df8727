package dev.gossamer.kube.server.http;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Change;
import dev.gossamer.kube.server.storage.ForgottenException;
import dev.gossamer.kube.server.storage.Store;
import dev.gossamer.kube.server.storage.Watch;
import dev.gossamer.kube.server.table.Tables;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One client's watch: events as lines of JSON. Confined to the request's thread. */
final class WatchStream {
    private static final Duration BOOKMARKS = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long MIN_TIMEOUT_SECONDS = 1800;
    private static final String END_OF_INITIAL = "k8s.io/initial-events-end";

    private final Resource resource;
    private final Selection selection;
    private final View view;
    private final Tables tables;
    private final TimeSource time;
    private final boolean bookmarks;
    private final @Nullable String version;
    private final @Nullable String initial;
    private final Duration timeout;
    private boolean columnsSent;
    private long lastSent;

    WatchStream(Exchange exchange, Resource resource, Selection selection, Tables tables, TimeSource time)
            throws ApiException {
        this.resource = resource;
        this.selection = selection;
        this.view = View.of(exchange);
        this.tables = tables;
        this.time = time;
        this.bookmarks = exchange.queryTrue("allowWatchBookmarks");
        this.version = exchange.query("resourceVersion");
        this.initial = exchange.query("sendInitialEvents");
        this.timeout = timeout(exchange);
        if ("true".equals(initial) && !bookmarks) {
            throw ApiException.of(
                    Reason.INVALID,
                    "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents requires"
                            + " setting allowWatchBookmarks to true");
        }
        if (version != null) {
            Lists.version(version);
        }
    }

    /** Serves until the client's time is up, it goes away, or it does not keep up. */
    void serve(Store store, WatchSink sink) throws IOException, InterruptedException {
        try (var watch = open(store)) {
            if (!"false".equals(initial)) {
                for (var entry : watch.start().entries()) {
                    var object = Objects.in(resource, entry.object());
                    if (selection.matches(object)) {
                        send(sink, "ADDED", object);
                    }
                }
            }
            lastSent = watch.start().version();
            if ("true".equals(initial)) {
                bookmark(sink, watch.start().version(), true);
            }
            sink.flush();
            follow(watch, sink);
        } catch (ForgottenException e) {
            // In the stream, as clients expect it: the watch as such was begun.
            write(sink, "ERROR", Lists.expired(e).toStatus());
        }
        sink.close();
    }

    private Watch open(Store store) throws ForgottenException {
        boolean fromNow = version == null || version.equals("0") || "true".equals(initial);
        return fromNow || version == null
                ? store.watchFromNow(resource.storage())
                : store.watch(resource.storage(), Long.parseLong(version));
    }

    private static Duration timeout(Exchange exchange) throws ApiException {
        var asked = exchange.queryNumber("timeoutSeconds");
        if (asked != null && asked > 0) {
            return Duration.ofSeconds(Math.min(asked, 24 * 3600));
        }
        return Duration.ofSeconds(
                MIN_TIMEOUT_SECONDS + ThreadLocalRandom.current().nextLong(MIN_TIMEOUT_SECONDS));
    }

    private void follow(Watch watch, WatchSink sink) throws IOException, InterruptedException {
        long end = time.nanoTime() + timeout.toNanos();
        long nextBookmark = time.nanoTime() + BOOKMARKS.toNanos();
        while (time.nanoTime() - end < 0 && !watch.ended() && sink.isOpen()) {
            var left = Duration.ofNanos(Math.max(0, end - time.nanoTime()));
            var change = watch.next(left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
            if (change != null) {
                forward(sink, change);
                lastSent = change.version();
                if (watch.progress() != 0) {
                    sink.flush();
                }
            } else if (bookmarks && time.nanoTime() - nextBookmark >= 0) {
                nextBookmark = time.nanoTime() + BOOKMARKS.toNanos();
                long upTo = watch.progress();
                if (upTo > 0) {
                    bookmark(sink, upTo, false);
                    sink.flush();
                }
            }
        }
        if (bookmarks && !watch.ended() && watch.progress() > lastSent) {
            bookmark(sink, watch.progress(), false);
        }
    }

    /** A change as this client must see it: an object may come into, or go out of, its selection by being changed. */
    private void forward(WatchSink sink, Change change) throws IOException {
        var after = Objects.in(resource, change.after().object());
        var before = change.before() == null
                ? null
                : Objects.in(resource, change.before().object());
        boolean was = before != null && selection.matches(before);
        boolean is = !change.deleted() && selection.matches(after);
        if (is) {
            send(sink, was ? "MODIFIED" : "ADDED", after);
        } else if (was && before != null) {
            send(sink, "DELETED", change.deleted() ? after : atVersion(before, change.version()));
        }
    }

    /** The last state that the client's selection matched, with the version at which it ceased to. */
    private static ObjectNode atVersion(ObjectNode object, long version) {
        var copy = object.deepCopy();
        Json.ensureObject(copy, "metadata").put("resourceVersion", Long.toString(version));
        return copy;
    }

    private void send(WatchSink sink, String type, ObjectNode object) throws IOException {
        write(sink, type, view.render(tables, resource, object, !columnsSent));
        columnsSent = true;
    }

    private void bookmark(WatchSink sink, long version, boolean initialEnd) throws IOException {
        var object = Json.object()
                .put("kind", resource.kindName())
                .put("apiVersion", resource.kind().apiVersion());
        var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (initialEnd) {
            metadata.putObject("annotations").put(END_OF_INITIAL, "true");
        }
        switch (view) {
            case View.Plain() -> write(sink, "BOOKMARK", object);
            case View.MetadataOnly() -> write(sink, "BOOKMARK", View.metadataOnly(object));
            case View.Table _ -> {
                var table = tables.table(resource, metadata.deepCopy(), List.of(), Tables.Include.NONE, false);
                write(sink, "BOOKMARK", table);
            }
        }
        lastSent = version;
    }

    private static void write(WatchSink sink, String type, ObjectNode object) throws IOException {
        var event = Json.object().put("type", type);
        event.set("object", object);
        sink.send(Json.bytes(event));
    }
}
