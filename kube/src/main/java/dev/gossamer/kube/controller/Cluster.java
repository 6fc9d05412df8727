package dev.gossamer.kube.controller;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/**
 * What controllers work on: they read the view, and write through here, so that the view knows of every write at once.
 *
 * <p>All writes throw {@link KubernetesClientException}; a controller lets it pass and is called again. Thread-safe.
 */
final class Cluster {
    private final KubernetesClient client;
    private final ClusterView view;
    private final TimeSource time;

    Cluster(KubernetesClient client, ClusterView view, TimeSource time) {
        this.client = client;
        this.view = view;
        this.time = time;
    }

    ClusterView view() {
        return view;
    }

    TimeSource time() {
        return time;
    }

    /** The time as objects carry it. */
    String timestamp() {
        return Timestamps.format(time.now());
    }

    KubernetesClient client() {
        return client;
    }

    <T extends HasMetadata> T create(Kind<T> kind, T object) {
        var created = client.resource(object).create();
        view.written(kind, created);
        return created;
    }

    /** Creates unless one of that name is there already, whoever made it. */
    <T extends HasMetadata> void createIfMissing(Kind<T> kind, T object) {
        try {
            create(kind, object);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    /** Fails if the object has changed since {@code object} was read. */
    <T extends HasMetadata> T update(Kind<T> kind, T object) {
        var updated = client.resource(object).update();
        view.written(kind, updated);
        return updated;
    }

    /** As {@link #update}, for the status alone. */
    <T extends HasMetadata> T updateStatus(Kind<T> kind, T object) {
        var updated = client.resource(object).updateStatus();
        view.written(kind, updated);
        return updated;
    }

    /** Deletes in the background; what is gone already is fine. */
    <T extends HasMetadata> void delete(Kind<T> kind, T object) {
        client.resource(object)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
        if (object instanceof Pod pod && !Objects.isBeingDeleted(pod)) {
            // It may linger while its containers stop, but it does not count from now on.
            view.written(
                    kind,
                    pod.edit()
                            .editMetadata()
                            .withDeletionTimestamp(timestamp())
                            .endMetadata()
                            .build());
        }
    }

    /** Deletes a pod at once, without waiting for a node that may be gone. */
    void forceDelete(Pod pod) {
        client.resource(pod).withGracePeriod(0).delete();
    }
}
