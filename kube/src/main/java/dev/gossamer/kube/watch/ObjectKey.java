package dev.gossamer.kube.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * What tells objects of a cluster apart.
 *
 * <p>Immutable.
 *
 * @param namespace empty for kinds that have none
 */
public record ObjectKey(Kind<?> kind, String namespace, String name) {
    static ObjectKey of(Kind<?> kind, HasMetadata object) {
        var metadata = object.getMetadata();
        return new ObjectKey(kind, metadata.getNamespace() == null ? "" : metadata.getNamespace(), metadata.getName());
    }

    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
