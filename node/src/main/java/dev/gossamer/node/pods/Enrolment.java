package dev.gossamer.node.pods;

import java.util.Map;
import java.util.Set;

/**
 * Whether a pod belongs into the mesh. Immutable.
 *
 * @param systemNamespace the mesh's own
 * @param excludedNamespaces whose pods are never taken in
 */
public record Enrolment(String systemNamespace, Set<String> excludedNamespaces) {
    /** Of the namespace or the pod; the pod's wins. */
    public static final String MODE_LABEL = "istio.io/dataplane-mode";

    private static final String AMBIENT = "ambient";
    private static final String NONE = "none";
    private static final String SIDECAR_ANNOTATION = "sidecar.istio.io/status";
    private static final String APP_LABEL = "app";
    private static final String NODE_PROXY = "ztunnel";

    public Enrolment {
        excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    public boolean includes(LocalPod pod, Map<String, String> namespaceLabels) {
        return canBeIncluded(pod) && isAskedFor(pod, namespaceLabels);
    }

    private boolean canBeIncluded(LocalPod pod) {
        return !pod.ended()
                && !pod.hostNetwork()
                && !pod.annotations().containsKey(SIDECAR_ANNOTATION)
                && !excludedNamespaces.contains(pod.namespace())
                && !isNodeProxy(pod);
    }

    private boolean isNodeProxy(LocalPod pod) {
        return pod.namespace().equals(systemNamespace)
                && NODE_PROXY.equals(pod.labels().get(APP_LABEL));
    }

    private static boolean isAskedFor(LocalPod pod, Map<String, String> namespaceLabels) {
        var own = pod.labels().get(MODE_LABEL);
        return AMBIENT.equals(own) || !NONE.equals(own) && AMBIENT.equals(namespaceLabels.get(MODE_LABEL));
    }
}
