package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import org.jspecify.annotations.Nullable;

/**
 * Names the object that a controller is to look at. Immutable.
 *
 * @param namespace empty for kinds that have none
 */
record Request(String namespace, String name) {
    static Request of(HasMetadata object) {
        return new Request(Objects.namespace(object), object.getMetadata().getName());
    }

    /** The controlling owner of {@code object}, if that is of the given kind. */
    static @Nullable Request ownerOf(HasMetadata object, String kind) {
        OwnerReference owner = Objects.controllerOf(object);
        return owner != null && owner.getKind().equals(kind)
                ? new Request(Objects.namespace(object), owner.getName())
                : null;
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
