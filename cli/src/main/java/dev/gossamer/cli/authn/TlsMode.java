package dev.gossamer.cli.authn;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a workload demands of its clients, and which policy says so.
 *
 * <p>Immutable.
 *
 * @param origin {@code namespace/name} of the PeerAuthentication; {@code default} if none applies
 */
record TlsMode(String mode, String origin) {
    private static final TlsMode DEFAULT = new TlsMode("PERMISSIVE", "default");

    boolean isStrict() {
        return mode.equals("STRICT");
    }

    /**
     * The mode that counts: of a policy that selects the workload, else of its namespace's, else of the mesh's. Of several
     * of the same reach the oldest counts, and one that says nothing leaves it to the next.
     */
    static TlsMode effective(
            List<GenericKubernetesResource> policies,
            String rootNamespace,
            String namespace,
            Map<String, String> labels) {
        return policies.stream()
                .filter(policy -> applies(policy, rootNamespace, namespace, labels))
                .filter(policy -> mode(policy) != null)
                .min(Comparator.<GenericKubernetesResource>comparingInt(policy -> reach(policy, rootNamespace))
                        .thenComparing(
                                policy -> String.valueOf(policy.getMetadata().getCreationTimestamp()))
                        .thenComparing(policy -> policy.getMetadata().getName()))
                .map(policy -> new TlsMode(
                        String.valueOf(mode(policy)),
                        policy.getMetadata().getNamespace() + "/"
                                + policy.getMetadata().getName()))
                .orElse(DEFAULT);
    }

    private static boolean applies(
            GenericKubernetesResource policy, String rootNamespace, String namespace, Map<String, String> labels) {
        var where = policy.getMetadata().getNamespace();
        var selector = selector(policy);
        if (selector.isEmpty()) {
            return where.equals(namespace) || where.equals(rootNamespace);
        }
        return where.equals(namespace)
                && selector.entrySet().stream()
                        .allMatch(entry ->
                                String.valueOf(entry.getValue()).equals(labels.get(String.valueOf(entry.getKey()))));
    }

    /** Smaller is nearer. */
    private static int reach(GenericKubernetesResource policy, String rootNamespace) {
        if (!selector(policy).isEmpty()) {
            return 0;
        }
        return policy.getMetadata().getNamespace().equals(rootNamespace) ? 2 : 1;
    }

    private static Map<?, ?> selector(GenericKubernetesResource policy) {
        Object labels = policy.get("spec", "selector", "matchLabels");
        return labels instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable String mode(GenericKubernetesResource policy) {
        Object mode = policy.get("spec", "mtls", "mode");
        return mode instanceof String text && !text.equals("UNSET") ? text : null;
    }
}
