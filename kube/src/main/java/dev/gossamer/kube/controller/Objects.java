package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions that are asked of any object. */
final class Objects {
    private Objects() {}

    static String namespace(HasMetadata object) {
        var namespace = object.getMetadata().getNamespace();
        return namespace == null ? "" : namespace;
    }

    static Map<String, String> labels(HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    static Map<String, String> annotations(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    static boolean isBeingDeleted(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    static @Nullable OwnerReference controllerOf(HasMetadata object) {
        var owners = object.getMetadata().getOwnerReferences();
        if (owners != null) {
            for (var owner : owners) {
                if (Boolean.TRUE.equals(owner.getController())) {
                    return owner;
                }
            }
        }
        return null;
    }

    static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        var reference = controllerOf(object);
        return reference != null
                && reference.getUid().equals(owner.getMetadata().getUid());
    }

    static OwnerReference controlledBy(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    static <V> Map<String, V> plus(@Nullable Map<String, V> map, String key, V value) {
        var extended = map == null ? new HashMap<String, V>() : new HashMap<>(map);
        extended.put(key, value);
        return extended;
    }

    static <V> Map<String, V> minus(@Nullable Map<String, V> map, String key) {
        var reduced = map == null ? new HashMap<String, V>() : new HashMap<>(map);
        reduced.remove(key);
        return reduced;
    }
}
