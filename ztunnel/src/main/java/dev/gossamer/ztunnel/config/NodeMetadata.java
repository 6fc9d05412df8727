package dev.gossamer.ztunnel.config;

import dev.gossamer.core.config.Settings;
import java.util.HashMap;
import java.util.Map;

/** What the control plane is told about this proxy beside its name. Stateless. */
final class NodeMetadata {
    private NodeMetadata() {}

    /** {@code ISTIO_META_X=y} becomes {@code X: y}. */
    static Map<String, Object> of(Settings env) {
        return new HashMap<>(env.withPrefix("ISTIO_META_"));
    }
}
