package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Subject;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;

/**
 * Objects are created in namespaces that exist and are not being deleted; namespaces get what every one has.
 *
 * <p>Thread-safe: reads the store.
 */
public final class NamespaceRules implements Admission {
    private final Store store;

    public NamespaceRules(Store store) {
        this.store = store;
    }

    @Override
    public void admit(Review review) throws ApiException {
        var object = review.object();
        if (review.is("", "namespaces")) {
            complete(review);
            return;
        }
        if (!review.creates() || !review.resource().namespaced()) {
            return;
        }
        var name = Json.text(object, "metadata", "namespace");
        var namespace = store.newest(new Key("/namespaces", "", name));
        if (namespace == null) {
            throw ApiException.notFound(new Subject("", "namespaces", "Namespace", name));
        }
        if (namespace.object().path("metadata").hasNonNull("deletionTimestamp")) {
            throw ApiException.forbidden(
                    review.resource().subject(Json.text(object, "metadata", "name")),
                    "unable to create new content in namespace " + name + " because it is being terminated");
        }
    }

    private static void complete(Review review) {
        var object = review.object();
        var metadata = Json.ensureObject(object, "metadata");
        if (!Json.text(metadata, "name").isEmpty()) {
            Json.ensureObject(metadata, "labels").put("kubernetes.io/metadata.name", Json.text(metadata, "name"));
        }
        if (review.creates()) {
            var spec = Json.ensureObject(object, "spec");
            spec.putArray("finalizers").add("kubernetes");
            Json.ensureObject(object, "status").put("phase", "Active");
        } else if (review.before() != null && review.subresource().isEmpty()) {
            // Only the finalize subresource changes these.
            var spec = review.before().get("spec");
            if (spec != null) {
                object.set("spec", spec.deepCopy());
            }
        }
    }
}
