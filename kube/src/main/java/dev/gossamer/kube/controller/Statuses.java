package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Objects;

/** Compares what controllers would report with what is reported already, so that nothing is written twice. */
final class Statuses {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private Statuses() {}

    /** Equal on the wire: a number that is zero and one that is left out say the same. */
    static boolean same(Object one, Object other) {
        return Objects.equals(normal(one), normal(other));
    }

    private static Map<?, ?> normal(Object status) {
        Map<?, ?> tree = SERIALIZATION.convertValue(status, Map.class);
        tree.values().removeIf(value -> value == null || value.equals(0) || value.equals(""));
        return tree;
    }
}
