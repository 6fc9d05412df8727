package dev.gossamer.kube.server.objects;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.schema.FieldError;
import dev.gossamer.kube.server.admission.Admission;
import dev.gossamer.kube.server.admission.Review;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.patch.FieldOwnership;
import dev.gossamer.kube.server.patch.Manager;
import dev.gossamer.kube.server.resource.Resource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes what a client sent into what is stored: unknown fields, server's fields, defaults, admission, validation,
 * generation, owners.
 *
 * <p>Thread-safe: holds no state.
 */
final class Preparation {
    private final Admission admission;
    private final TimeSource time;

    Preparation(Admission admission, TimeSource time) {
        this.admission = admission;
        this.time = time;
    }

    FieldOwnership ownership(Resource resource, String subresource, WriteOptions options, boolean apply) {
        var manager = new Manager(options.fieldManager(), apply, resource.kind().apiVersion(), subresource);
        return new FieldOwnership(resource.schema().merging(), manager, resource.hasStatus(), time.now());
    }

    /** Makes {@code object}, in place, ready to be created. {@code track}: note the writer as owner of all fields. */
    void create(Resource resource, ObjectNode object, WriteOptions options, boolean track) throws ApiException {
        var metadata = Json.ensureObject(object, "metadata");
        if (!Json.text(metadata, "resourceVersion").isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        metadata.remove(List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        metadata.put("uid", UUID.randomUUID().toString())
                .put(
                        "creationTimestamp",
                        time.now().truncatedTo(ChronoUnit.SECONDS).toString());
        if (resource.hasStatus() && !resource.is("", "nodes")) {
            object.remove("status");
        }
        Generations.begin(resource, object);
        complete(resource, "", null, object, options);
        if (track) {
            ownership(resource, "", options, false).track(null, object);
        }
    }

    /** Makes {@code object}, in place, ready to take the place of {@code before}. */
    void update(
            Resource resource,
            String subresource,
            ObjectNode before,
            ObjectNode object,
            WriteOptions options,
            boolean track)
            throws ApiException {
        var name = Json.text(before, "metadata", "name");
        requireSameObject(resource, before, object, name);
        if (!subresource.equals("status")) {
            Metadata.restore(object, before);
            if (resource.hasStatus()) {
                copyField(before, object, "status");
            }
        } else {
            onlyStatus(resource, before, object);
        }
        requireNoNewFinalizers(resource, before, object, name);
        complete(resource, subresource, before, object, options);
        Generations.count(resource, before, object);
        if (track) {
            ownership(resource, subresource, options, false).track(before, object);
        }
    }

    private void complete(
            Resource resource, String subresource, @Nullable ObjectNode before, ObjectNode object, WriteOptions options)
            throws ApiException {
        refuseUnknown(resource, object, options);
        resource.schema().applyDefaults(object);
        admission.admit(new Review(
                resource, subresource, before, object, options.caller(), options.dryRun(), options.warnings()));
        if (before == null || !Json.same(before, object)) {
            validate(resource, before, object);
        }
    }

    private static void validate(Resource resource, @Nullable ObjectNode before, ObjectNode object)
            throws ApiException {
        var problems = new ArrayList<Cause>(Metadata.problems(resource.storage(), object));
        for (var error : resource.schema().validate(object, before)) {
            problems.add(cause(error));
        }
        if (!problems.isEmpty()) {
            var name = Json.text(object, "metadata", "name");
            throw ApiException.invalid(
                    resource.subject(name.isEmpty() ? Json.text(object, "metadata", "generateName") : name), problems);
        }
    }

    static Cause cause(FieldError error) {
        return new Cause(error.reason().cause(), error.field(), error.message());
    }

    /** Takes out fields that the schema does not know, and complains as the client wishes. */
    static void refuseUnknown(Resource resource, ObjectNode object, WriteOptions options) throws ApiException {
        var complaints = new ArrayList<String>();
        options.duplicates().forEach(path -> complaints.add("duplicate field \"" + path + "\""));
        resource.schema().prune(object).forEach(path -> complaints.add("unknown field \"" + path + "\""));
        switch (options.validation()) {
            case IGNORE -> {}
            case WARN -> complaints.forEach(options.warnings());
            case STRICT -> {
                if (!complaints.isEmpty()) {
                    throw ApiException.badRequest(resource.kindName() + " in version \"" + resource.version()
                            + "\" cannot be handled as a " + resource.kindName() + ": strict decoding error: "
                            + complaints.stream().distinct().collect(Collectors.joining(", ")));
                }
            }
        }
    }

    private static void requireSameObject(Resource resource, ObjectNode before, ObjectNode object, String name)
            throws ApiException {
        var given = Json.text(object, "metadata", "uid");
        var uid = Json.text(before, "metadata", "uid");
        if (!given.isEmpty() && !given.equals(uid)) {
            throw ApiException.conflict(
                    resource.subject(name),
                    "Precondition failed: UID in precondition: " + given + ", UID in object meta: " + uid);
        }
        var version = Json.text(object, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(Json.text(before, "metadata", "resourceVersion"))) {
            throw ApiException.modified(resource.subject(name));
        }
    }

    private static void requireNoNewFinalizers(Resource resource, ObjectNode before, ObjectNode object, String name)
            throws ApiException {
        if (!Metadata.isDeleting(before)) {
            return;
        }
        var added = new ArrayList<>(Metadata.finalizers(object));
        added.removeAll(Metadata.finalizers(before));
        if (!added.isEmpty()) {
            var list = added.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
            throw ApiException.invalid(
                    resource.subject(name),
                    List.of(new Cause(
                            "FieldValueForbidden",
                            "metadata.finalizers",
                            "Forbidden: no new finalizers can be added if the object is being deleted, found new"
                                    + " finalizers []string{" + list + "}")));
        }
    }

    /** All but the status is as before; pods and nodes may also be annotated and labelled in this way. */
    private static void onlyStatus(Resource resource, ObjectNode before, ObjectNode object) {
        if (resource.is("", "pods") || resource.is("", "nodes")) {
            Metadata.restore(object, before);
            copyField(before, object, "spec");
            return;
        }
        var status = object.get("status");
        var managedFields = Json.at(object, "metadata", "managedFields");
        object.removeAll();
        object.setAll(before.deepCopy());
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
        if (managedFields.isArray()) {
            Json.ensureObject(object, "metadata").set("managedFields", managedFields);
        }
    }

    private static void copyField(ObjectNode from, ObjectNode to, String name) {
        JsonNode value = from.get(name);
        if (value == null) {
            to.remove(name);
        } else {
            to.set(name, value.deepCopy());
        }
    }
}
