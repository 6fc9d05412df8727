package dev.gossamer.node.pods;

import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches the pods of one node, and all namespaces. Thread-safe. */
public final class PodWatch implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final ClusterWatch watch;

    private PodWatch(ClusterWatch watch) {
        this.watch = watch;
    }

    /**
     * Starts; {@code listener} is called on one thread of the watch's own.
     *
     * @throws ClusterUnreachableException if the API does not answer now
     */
    public static PodWatch start(KubernetesClient client, String node, Consumer<PodChange> listener)
            throws ClusterUnreachableException {
        var sources = List.of(
                Source.all(Kind.builtIn(Namespace.class)),
                Source.all(Kind.builtIn(Pod.class)).withField("spec.nodeName", node));
        return new PodWatch(ClusterWatch.start(client, sources, change -> {
            var told = translate(change);
            if (told != null) {
                listener.accept(told);
            }
        }));
    }

    private static @Nullable PodChange translate(Change change) {
        return switch (change) {
            case Change.Upsert(var _, var _, Pod pod) -> new PodChange.PodSeen(read(pod));
            case Change.Upsert(var _, var _, Namespace namespace) ->
                new PodChange.NamespaceSeen(namespace.getMetadata().getName(), labels(namespace));
            case Change.Delete(var _, Pod pod) -> new PodChange.PodGone(read(pod));
            case Change.Delete(var _, Namespace namespace) ->
                new PodChange.NamespaceSeen(namespace.getMetadata().getName(), Map.of());
            case Change.Synced() -> new PodChange.Synced();
            case Change.Upsert _, Change.Delete _ -> null;
        };
    }

    static LocalPod read(Pod pod) {
        var metadata = pod.getMetadata();
        var spec = pod.getSpec();
        var status = pod.getStatus();
        var account = spec.getServiceAccountName();
        return new LocalPod(
                metadata.getUid(),
                metadata.getName(),
                metadata.getNamespace(),
                account == null || account.isEmpty() ? "default" : account,
                labels(pod),
                metadata.getAnnotations() == null ? Map.of() : metadata.getAnnotations(),
                Boolean.TRUE.equals(spec.getHostNetwork()),
                status != null && status.getPhase() != null && ENDED.contains(status.getPhase()),
                status == null || status.getPodIPs() == null
                        ? List.of()
                        : status.getPodIPs().stream().map(PodIP::getIp).toList());
    }

    private static Map<String, String> labels(HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    @Override
    public void close() {
        watch.close();
    }
}
