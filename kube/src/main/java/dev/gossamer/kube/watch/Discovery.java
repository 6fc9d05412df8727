package dev.gossamer.kube.watch;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the API serves, asked once per group and version.
 *
 * <p>Discovery rather than a watch on CustomResourceDefinitions: it needs no permission and costs no memory for their
 * schemas. Confined to one round of looking.
 */
final class Discovery {
    private final KubernetesClient client;
    private final Map<String, Set<String>> servedPlurals = new HashMap<>();

    Discovery(KubernetesClient client) {
        this.client = client;
    }

    /** False also while the API does not answer: the next round asks again. */
    boolean serves(Kind<?> kind) {
        return servedPlurals.computeIfAbsent(kind.discoveryPath(), this::read).contains(kind.plural());
    }

    private Set<String> read(String path) {
        var plurals = new HashSet<String>();
        try {
            var body = client.raw(path);
            if (body != null) {
                client.getKubernetesSerialization()
                        .unmarshal(body, APIResourceList.class)
                        .getResources()
                        .forEach(resource -> plurals.add(resource.getName()));
            }
        } catch (KubernetesClientException e) {
            // Not served, or not reachable: both mean not now. Outages are reported by the informers.
            return Set.of();
        }
        return plurals;
    }
}
