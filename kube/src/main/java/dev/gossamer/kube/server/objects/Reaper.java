package dev.gossamer.kube.server.objects;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Change;
import dev.gossamer.kube.server.storage.Entry;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes away what has lost its owner, empties namespaces and definitions that are being deleted.
 *
 * <p>Follows every change. Confined to its own virtual thread.
 */
public final class Reaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final String CRD_STORAGE = "apiextensions.k8s.io/customresourcedefinitions";
    private static final String CRD_CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
    private static final WriteOptions OPTIONS = WriteOptions.ofServer("garbage-collector");
    private static final long RETRY_MILLIS = 500;

    private final Store store;
    private final Catalog catalog;
    private final Objects objects;
    private final BlockingQueue<Change> changes;
    private final Thread thread;

    /** Owner's uid to what names it as owner. */
    private final Map<String, Set<Key>> dependents = new HashMap<>();

    /** The owners' uids that each dependent was filed under. */
    private final Map<Key, Set<String>> filed = new HashMap<>();

    /** What could not be done, to be tried again. */
    private final ArrayDeque<Key> again = new ArrayDeque<>();

    private Reaper(Store store, Catalog catalog, Objects objects) {
        this.store = store;
        this.catalog = catalog;
        this.objects = objects;
        this.changes = store.tap();
        this.thread = Thread.ofVirtual().name("reaper").unstarted(this::run);
    }

    /** Starts to follow {@code store}; what is there already is looked at first. */
    public static Reaper start(Store store, Catalog catalog, Objects objects) {
        var reaper = new Reaper(store, catalog, objects);
        reaper.thread.start();
        return reaper;
    }

    private void run() {
        try {
            var existing = new ArrayList<Entry>();
            store.resources()
                    .forEach(storage -> existing.addAll(store.list(storage, "").entries()));
            existing.forEach(this::file);
            existing.forEach(entry -> look(entry.key()));
            while (true) {
                var change = changes.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
                if (change == null) {
                    retry();
                } else {
                    follow(change);
                }
            }
        } catch (InterruptedException e) {
            // The server is stopping.
            Thread.currentThread().interrupt();
        }
    }

    private void retry() {
        for (int i = again.size(); i > 0; i--) {
            look(again.remove());
        }
    }

    private void follow(Change change) {
        var key = change.after().key();
        if (!change.deleted()) {
            file(change.after());
            look(key);
            return;
        }
        unfile(key);
        var uid = Json.text(change.after().object(), "metadata", "uid");
        for (var dependent : Set.copyOf(dependents.getOrDefault(uid, Set.of()))) {
            look(dependent);
        }
        change.after().object().path("metadata").path("ownerReferences").forEach(owner -> lookAtOwner(key, owner));
        if (!key.namespace().isEmpty()) {
            look(new Key("/namespaces", "", key.namespace()));
        }
        lookAtDefinition(key);
    }

    private void lookAtDefinition(Key key) {
        int slash = key.resource().indexOf('/');
        look(new Key(
                CRD_STORAGE,
                "",
                key.resource().substring(slash + 1) + "." + key.resource().substring(0, slash)));
    }

    private void lookAtOwner(Key dependent, JsonNode reference) {
        var owner = ownerKey(dependent, reference);
        if (owner != null) {
            look(owner);
        }
    }

    private @Nullable Key ownerKey(Key dependent, JsonNode reference) {
        var resource = catalog.findKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
        return resource == null ? null : resource.key(dependent.namespace(), Json.text(reference, "name"));
    }

    private void file(Entry entry) {
        unfile(entry.key());
        var owners = new HashSet<String>();
        for (var reference : Json.at(entry.object(), "metadata", "ownerReferences")) {
            var uid = Json.text(reference, "uid");
            owners.add(uid);
            dependents.computeIfAbsent(uid, _ -> new HashSet<>()).add(entry.key());
        }
        if (!owners.isEmpty()) {
            filed.put(entry.key(), owners);
        }
    }

    private void unfile(Key key) {
        var owners = filed.remove(key);
        if (owners == null) {
            return;
        }
        for (var uid : owners) {
            var keys = dependents.get(uid);
            if (keys != null) {
                keys.remove(key);
                if (keys.isEmpty()) {
                    dependents.remove(uid);
                }
            }
        }
    }

    /** Does what an object's state asks for; if that fails, it is tried again later. */
    private void look(Key key) {
        var entry = store.get(key);
        var resource = entry == null ? null : catalog.findByStorage(key.resource());
        if (entry == null || resource == null) {
            return;
        }
        try {
            act(resource, entry);
        } catch (ApiException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                LOG.debug("{} is looked at again later: {}", key, e.getMessage());
                again.add(key);
            }
        } catch (RuntimeException e) {
            LOG.error("cleaning up after {} failed", key, e);
        }
    }

    private void act(Resource resource, Entry entry) throws ApiException {
        var object = entry.object();
        if (Metadata.isDeleting(object)) {
            var finalizers = Metadata.finalizers(object);
            if (resource.is("", "namespaces")) {
                emptyNamespace(resource, entry);
            } else if (entry.key().resource().equals(CRD_STORAGE) && finalizers.contains(CRD_CLEANUP)) {
                emptyDefinition(resource, entry);
            }
            if (finalizers.contains(Deletion.ORPHAN)) {
                orphan(resource, entry);
            } else if (finalizers.contains(Deletion.FOREGROUND)) {
                deleteDependentsFirst(resource, entry);
            }
        }
        var owners = Json.at(object, "metadata", "ownerReferences");
        if (!owners.isEmpty()) {
            checkOwners(resource, entry, owners);
        }
    }

    private void checkOwners(Resource resource, Entry entry, JsonNode owners) throws ApiException {
        boolean anyOwner = false;
        boolean anyGone = false;
        boolean foreground = false;
        for (var reference : owners) {
            var key = ownerKey(entry.key(), reference);
            if (key == null) {
                // Of a kind that is not served: it may be served again, so nothing is lost.
                anyOwner = true;
                continue;
            }
            var owner = store.get(key);
            boolean exists = owner != null
                    && Json.text(owner.object(), "metadata", "uid").equals(Json.text(reference, "uid"));
            boolean waits = exists
                    && owner != null
                    && Metadata.isDeleting(owner.object())
                    && Metadata.finalizers(owner.object()).contains(Deletion.FOREGROUND);
            anyOwner |= exists && !waits;
            anyGone |= !exists;
            foreground |= waits;
        }
        if (anyOwner) {
            if (anyGone) {
                dropGoneOwners(resource, entry);
            }
            return;
        }
        if (!Metadata.isDeleting(entry.object())) {
            delete(resource, entry.key(), foreground ? DeleteOptions.inForeground() : DeleteOptions.IN_BACKGROUND);
        }
    }

    private void dropGoneOwners(Resource resource, Entry entry) throws ApiException {
        updateOwners(resource, entry.key(), reference -> {
            var key = ownerKey(entry.key(), reference);
            var owner = key == null ? null : store.get(key);
            return key == null
                    || (owner != null
                            && Json.text(owner.object(), "metadata", "uid").equals(Json.text(reference, "uid")));
        });
    }

    /** Keeps the owner references for which {@code keep} says so. */
    private void updateOwners(Resource resource, Key key, Predicate<JsonNode> keep) throws ApiException {
        objects.update(
                resource,
                key.namespace(),
                key.name(),
                "",
                current -> {
                    var left = Json.array();
                    Json.at(current, "metadata", "ownerReferences").forEach(reference -> {
                        if (keep.test(reference)) {
                            left.add(reference);
                        }
                    });
                    setOwners(current, left);
                    return current;
                },
                OPTIONS);
    }

    private static void setOwners(ObjectNode object, ArrayNode owners) {
        var metadata = Json.ensureObject(object, "metadata");
        if (owners.isEmpty()) {
            metadata.remove("ownerReferences");
        } else {
            metadata.set("ownerReferences", owners);
        }
    }

    private void orphan(Resource resource, Entry owner) throws ApiException {
        var uid = Json.text(owner.object(), "metadata", "uid");
        for (var dependent : Set.copyOf(dependents.getOrDefault(uid, Set.of()))) {
            var kind = catalog.findByStorage(dependent.resource());
            if (kind != null && store.get(dependent) != null) {
                updateOwners(
                        kind,
                        dependent,
                        reference -> !Json.text(reference, "uid").equals(uid));
            }
        }
        removeFinalizer(resource, owner.key(), Deletion.ORPHAN);
    }

    private void deleteDependentsFirst(Resource resource, Entry owner) throws ApiException {
        var uid = Json.text(owner.object(), "metadata", "uid");
        boolean blocked = false;
        for (var key : Set.copyOf(dependents.getOrDefault(uid, Set.of()))) {
            var dependent = store.get(key);
            var kind = catalog.findByStorage(key.resource());
            if (dependent == null || kind == null) {
                continue;
            }
            for (var reference : Json.at(dependent.object(), "metadata", "ownerReferences")) {
                blocked |= Json.text(reference, "uid").equals(uid) && Json.isTrue(reference, "blockOwnerDeletion");
            }
            if (!Metadata.isDeleting(dependent.object())) {
                checkOwners(kind, dependent, Json.at(dependent.object(), "metadata", "ownerReferences"));
            }
        }
        if (!blocked) {
            removeFinalizer(resource, owner.key(), Deletion.FOREGROUND);
        }
    }

    private void removeFinalizer(Resource resource, Key key, String finalizer) throws ApiException {
        objects.update(
                resource,
                key.namespace(),
                key.name(),
                "",
                current -> {
                    var left = new ArrayList<>(Metadata.finalizers(current));
                    left.remove(finalizer);
                    Deletion.setFinalizers(current, left);
                    return current;
                },
                OPTIONS);
    }

    private void emptyNamespace(Resource resource, Entry namespace) throws ApiException {
        var name = namespace.key().name();
        for (var storage : store.resources()) {
            var kind = catalog.findByStorage(storage);
            if (kind == null || !kind.namespaced()) {
                continue;
            }
            for (var entry : store.list(storage, name).entries()) {
                if (!Metadata.isDeleting(entry.object())) {
                    delete(kind, entry.key(), DeleteOptions.IN_BACKGROUND);
                }
            }
        }
        if (isEmpty(name) && !Metadata.hasFinalizers(namespace.object())) {
            objects.remove(resource, namespace.key());
        }
    }

    private boolean isEmpty(String namespace) {
        for (var storage : store.resources()) {
            var kind = catalog.findByStorage(storage);
            if (kind != null
                    && kind.namespaced()
                    && !store.list(storage, namespace).entries().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void emptyDefinition(Resource resource, Entry definition) throws ApiException {
        var spec = definition.object().path("spec");
        var storage = Resource.storage(Json.text(spec, "group"), Json.text(spec, "names", "plural"));
        var kind = catalog.findByStorage(storage);
        if (kind != null) {
            for (var entry : store.list(storage, "").entries()) {
                if (!Metadata.isDeleting(entry.object())) {
                    delete(kind, entry.key(), DeleteOptions.IN_BACKGROUND);
                }
            }
        }
        if (store.list(storage, "").entries().isEmpty()) {
            removeFinalizer(resource, definition.key(), CRD_CLEANUP);
        }
    }

    private void delete(Resource resource, Key key, DeleteOptions options) throws ApiException {
        try {
            objects.delete(resource, key.namespace(), key.name(), options);
        } catch (ApiException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
