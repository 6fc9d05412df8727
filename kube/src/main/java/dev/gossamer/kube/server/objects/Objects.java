package dev.gossamer.kube.server.objects;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.admission.Admission;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.storage.Entry;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.StaleWriteException;
import dev.gossamer.kube.server.storage.StorageFailedException;
import dev.gossamer.kube.server.storage.Store;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of all kinds: created, changed and deleted by the same steps.
 *
 * <p>A change is worked out on the newest state and stored only if that is still the newest; otherwise it is worked out
 * again, unless the client insisted on a version. Thread-safe: all state is in the store.
 */
public final class Objects {
    /** What has to happen right after a write, before the client hears of it. */
    @FunctionalInterface
    public interface AfterWrite {
        void written(Resource resource, ObjectNode object, boolean deleted);
    }

    /** A change to be worked out on an object that is the change's own copy. */
    @FunctionalInterface
    public interface Update {
        ObjectNode apply(ObjectNode current) throws ApiException;
    }

    private static final int MAX_TRIES = 30;
    private static final String NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int GENERATED_LENGTH = 5;

    private final Store store;
    private final Preparation preparation;
    private final Deletion deletion;
    private final AfterWrite afterWrite;
    private final SecureRandom random = new SecureRandom();

    public Objects(Store store, Admission admission, TimeSource time, AfterWrite afterWrite) {
        this.store = store;
        this.preparation = new Preparation(admission, time);
        this.deletion = new Deletion(time);
        this.afterWrite = afterWrite;
    }

    public ObjectNode get(Resource resource, String namespace, String name) throws ApiException {
        var entry = store.get(resource.key(namespace, name));
        if (entry == null) {
            throw ApiException.notFound(resource.subject(name));
        }
        return entry.object();
    }

    /** Creates {@code object}, which is this method's from now on. */
    public ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options)
            throws ApiException {
        return create(resource, namespace, object, options, true);
    }

    private ObjectNode create(
            Resource resource, String namespace, ObjectNode object, WriteOptions options, boolean track)
            throws ApiException {
        requireKind(resource, object);
        var metadata = Json.ensureObject(object, "metadata");
        placeInNamespace(resource, namespace, metadata);
        var given = Json.text(metadata, "name");
        var prefix = Json.text(metadata, "generateName");
        boolean generate = given.isEmpty() && !prefix.isEmpty();
        for (int attempt = 1; ; attempt++) {
            var candidate = object.deepCopy();
            if (generate) {
                Json.ensureObject(candidate, "metadata").put("name", prefix + randomSuffix());
            }
            preparation.create(resource, candidate, options, track);
            var name = Json.text(candidate, "metadata", "name");
            var key = resource.key(namespace, name);
            if (options.dryRun()) {
                if (store.newest(key) != null) {
                    throw ApiException.alreadyExists(resource.subject(name));
                }
                return candidate;
            }
            try {
                return written(resource, store.create(key, candidate), false);
            } catch (StaleWriteException e) {
                if (!generate || attempt >= MAX_TRIES) {
                    throw ApiException.alreadyExists(resource.subject(name));
                }
            } catch (StorageFailedException e) {
                throw unavailable(e);
            }
        }
    }

    private static void placeInNamespace(Resource resource, String namespace, ObjectNode metadata) throws ApiException {
        var stated = Json.text(metadata, "namespace");
        if (!resource.namespaced()) {
            if (!stated.isEmpty()) {
                throw ApiException.badRequest(
                        "namespace may not be set on an object of a kind that belongs to the cluster");
            }
            metadata.remove("namespace");
        } else if (!stated.isEmpty() && !stated.equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        } else {
            metadata.put("namespace", namespace);
        }
    }

    private static void requireKind(Resource resource, ObjectNode object) throws ApiException {
        Json.putIfAbsent(object, "apiVersion", resource.kind().apiVersion());
        Json.putIfAbsent(object, "kind", resource.kindName());
        var version = Json.text(object, "apiVersion");
        if (!version.equals(resource.kind().apiVersion())) {
            throw ApiException.badRequest(
                    "the API version in the data (" + version + ") does not match the expected API version ("
                            + resource.kind().apiVersion() + ")");
        }
        var kind = Json.text(object, "kind");
        if (!kind.equals(resource.kindName())) {
            throw ApiException.badRequest("the kind in the data (" + kind + ") does not match the expected kind ("
                    + resource.kindName() + ")");
        }
        if (object.has("metadata") && !object.path("metadata").isObject()) {
            throw ApiException.badRequest("metadata is not an object");
        }
    }

    private String randomSuffix() {
        var suffix = new StringBuilder(GENERATED_LENGTH);
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            suffix.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
        }
        return suffix.toString();
    }

    /**
     * Changes an object.
     *
     * @param subresource {@code status}, or empty for the object itself
     */
    public ObjectNode update(
            Resource resource, String namespace, String name, String subresource, Update update, WriteOptions options)
            throws ApiException {
        return update(resource, namespace, name, subresource, update, options, true);
    }

    private ObjectNode update(
            Resource resource,
            String namespace,
            String name,
            String subresource,
            Update update,
            WriteOptions options,
            boolean track)
            throws ApiException {
        for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
            var before = store.newest(resource.key(namespace, name));
            if (before == null) {
                throw ApiException.notFound(resource.subject(name));
            }
            var current = in(resource, before.object());
            var next = update.apply(current.deepCopy());
            requireKind(resource, next);
            requireName(resource, next, namespace, name);
            boolean conditional =
                    !Json.text(next, "metadata", "resourceVersion").isEmpty();
            preparation.update(resource, subresource, current, next, options, track);
            var stored = tryStore(resource, before, next, options);
            if (stored != null) {
                return stored;
            }
            // A patch takes the version over from what it was worked out on: only a client's own insists.
            if (conditional && insists(update, current)) {
                throw ApiException.modified(resource.subject(name));
            }
        }
        throw ApiException.modified(resource.subject(name));
    }

    private static boolean insists(Update update, ObjectNode current) throws ApiException {
        var probe = current.deepCopy();
        Json.ensureObject(probe, "metadata").remove("resourceVersion");
        return !Json.text(update.apply(probe), "metadata", "resourceVersion").isEmpty();
    }

    private static void requireName(Resource resource, ObjectNode object, String namespace, String name)
            throws ApiException {
        var metadata = Json.ensureObject(object, "metadata");
        var stated = Json.text(metadata, "name");
        if (!stated.isEmpty() && !stated.equals(name)) {
            throw ApiException.badRequest(
                    "the name of the object (" + stated + ") does not match the name on the URL (" + name + ")");
        }
        metadata.put("name", name);
        placeInNamespace(resource, namespace, metadata);
    }

    /** Null if the object changed meanwhile. */
    private @Nullable ObjectNode tryStore(Resource resource, Entry before, ObjectNode next, WriteOptions options)
            throws ApiException {
        boolean gone = Metadata.isDeleting(next) && !Metadata.hasFinalizers(next) && deletion.isDue(resource, next);
        if (!gone && sameButForManagers(before.object(), next)) {
            return in(resource, before.object());
        }
        if (options.dryRun()) {
            return next;
        }
        try {
            return written(resource, gone ? store.delete(before, next) : store.replace(before, next), gone);
        } catch (StaleWriteException e) {
            return null;
        } catch (StorageFailedException e) {
            throw unavailable(e);
        }
    }

    /** Times in managedFields alone are no change. */
    private static boolean sameButForManagers(ObjectNode before, ObjectNode after) {
        return Json.same(withoutTimes(before), withoutTimes(after));
    }

    private static ObjectNode withoutTimes(ObjectNode object) {
        var copy = object.deepCopy();
        copy.remove("apiVersion");
        for (var entry : Json.at(copy, "metadata", "managedFields")) {
            if (entry instanceof ObjectNode manager) {
                manager.remove("time");
            }
        }
        return copy;
    }

    /** Server-side apply: creates the object or lays {@code applied} over it. */
    public Written apply(
            Resource resource,
            String namespace,
            String name,
            String subresource,
            ObjectNode applied,
            boolean force,
            WriteOptions options)
            throws ApiException {
        requireKind(resource, applied);
        requireName(resource, applied, namespace, name);
        if (!Json.at(applied, "metadata", "managedFields").isEmpty()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        refuseUndeclared(resource, applied, name, options);
        var ownership = preparation.ownership(resource, subresource, options, true);
        for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
            if (store.newest(resource.key(namespace, name)) == null) {
                if (!subresource.isEmpty()) {
                    throw ApiException.notFound(resource.subject(name));
                }
                if (!Json.text(applied, "metadata", "uid").isEmpty()) {
                    throw ApiException.conflict(
                            resource.subject(name),
                            "uid mismatch: the provided object specified uid " + Json.text(applied, "metadata", "uid")
                                    + ", and no existing object was found");
                }
                var fresh = ownership.apply(Json.object(), applied, force);
                try {
                    return new Written(create(resource, namespace, fresh, options, false), true);
                } catch (ApiException e) {
                    if (e.reason() != Reason.ALREADY_EXISTS) {
                        throw e;
                    }
                }
            } else {
                Update lay = current -> ownership.apply(current, applied, force);
                return new Written(update(resource, namespace, name, subresource, lay, options, false), false);
            }
        }
        throw ApiException.modified(resource.subject(name));
    }

    private static void refuseUndeclared(Resource resource, ObjectNode applied, String name, WriteOptions options)
            throws ApiException {
        var unknown = resource.schema().prune(applied);
        if (unknown.isEmpty()) {
            return;
        }
        if (options.validation() == FieldValidation.STRICT) {
            var namespace = Json.text(applied, "metadata", "namespace");
            throw ApiException.of(
                    Reason.UNKNOWN,
                    "failed to create typed patch object (" + namespace + "/" + name + "; "
                            + resource.kind().apiVersion() + ", Kind=" + resource.kindName() + "): ."
                            + unknown.getFirst() + ": field not declared in schema");
        }
        if (options.validation() == FieldValidation.WARN) {
            unknown.forEach(path -> options.warnings().accept("unknown field \"" + path + "\""));
        }
    }

    /** Deletes an object, or begins to where something has to happen first. */
    public Deleted delete(Resource resource, String namespace, String name, DeleteOptions options) throws ApiException {
        for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
            var before = store.newest(resource.key(namespace, name));
            if (before == null) {
                throw ApiException.notFound(resource.subject(name));
            }
            var outcome = tryDelete(resource, before, options);
            if (outcome != null) {
                return outcome;
            }
        }
        throw ApiException.modified(resource.subject(name));
    }

    private @Nullable Deleted tryDelete(Resource resource, Entry before, DeleteOptions options) throws ApiException {
        var name = before.key().name();
        requirePreconditions(resource, before, options, name);
        var next = before.object().deepCopy();
        boolean gone = deletion.begin(resource, next, options);
        if (!gone && Json.same(before.object(), next)) {
            return new Deleted(in(resource, next), false);
        }
        if (options.dryRun()) {
            return new Deleted(in(resource, next), gone);
        }
        try {
            var entry = gone ? store.delete(before, next) : store.replace(before, next);
            return new Deleted(written(resource, entry, gone), gone);
        } catch (StaleWriteException e) {
            return null;
        } catch (StorageFailedException e) {
            throw unavailable(e);
        }
    }

    private static void requirePreconditions(Resource resource, Entry before, DeleteOptions options, String name)
            throws ApiException {
        var uid = Json.text(before.object(), "metadata", "uid");
        if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
            throw ApiException.conflict(
                    resource.subject(name),
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: " + uid);
        }
        var version = Json.text(before.object(), "metadata", "resourceVersion");
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw ApiException.conflict(
                    resource.subject(name),
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + version);
        }
    }

    /** Takes an object away at once, whatever it says. */
    void remove(Resource resource, Key key) throws ApiException {
        var before = store.newest(key);
        if (before == null) {
            return;
        }
        try {
            written(resource, store.delete(before, before.object().deepCopy()), true);
        } catch (StaleWriteException e) {
            throw ApiException.modified(resource.subject(key.name()));
        } catch (StorageFailedException e) {
            throw unavailable(e);
        }
    }

    private static ApiException unavailable(StorageFailedException failure) {
        return ApiException.internal(failure.toString());
    }

    private ObjectNode written(Resource resource, Entry entry, boolean deleted) {
        afterWrite.written(resource, entry.object(), deleted);
        return in(resource, entry.object());
    }

    /** {@code object} as {@code resource}'s version shows it. */
    public static ObjectNode in(Resource resource, ObjectNode object) {
        var version = resource.kind().apiVersion();
        if (Json.text(object, "apiVersion").equals(version)) {
            return object;
        }
        // Definitions have no conversion but by name, so only this line differs; the rest is shared.
        var view = Json.object().put("apiVersion", version);
        for (var field : object.properties()) {
            if (!field.getKey().equals("apiVersion")) {
                view.set(field.getKey(), field.getValue());
            }
        }
        return view;
    }
}
