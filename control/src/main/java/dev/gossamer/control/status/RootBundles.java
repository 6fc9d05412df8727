package dev.gossamer.control.status;

import dev.gossamer.control.source.Cluster;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mesh's root certificates in a ConfigMap of every namespace, where pods mount them.
 *
 * <p>What someone changes or deletes is put right. Thread-safe.
 */
public final class RootBundles implements AutoCloseable {
    private static final String NAME = "istio-ca-root-cert";
    private static final String KEY = "root-cert.pem";
    private static final Map<String, String> LABELS = Map.of("istio.io/config", "true");
    /** Namespaces of the cluster itself, where nothing of the mesh runs. */
    private static final Set<String> LEFT_ALONE =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    private final KubernetesClient client;
    private final Supplier<byte[]> roots;
    private final WriteQueue<String> queue;
    private final TaskGroup tasks = new TaskGroup("root-bundles");
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
    private final Map<String, ConfigMap> present = new ConcurrentHashMap<>();
    private @Nullable ClusterWatch watch;

    private RootBundles(Cluster cluster, Supplier<byte[]> roots, RandomGenerator random) {
        this.client = cluster.client();
        this.roots = roots;
        this.queue = new WriteQueue<>("root certificates in namespace", this::write, random);
    }

    /** {@code roots}: in PEM, as of now. */
    public static RootBundles start(Cluster cluster, Supplier<byte[]> roots, RandomGenerator random)
            throws ClusterUnreachableException {
        var bundles = new RootBundles(cluster, roots, random);
        var sources = List.of(
                Source.all(Kind.builtIn(Namespace.class)),
                Source.all(Kind.builtIn(ConfigMap.class)).withField("metadata.name", NAME));
        bundles.watch = ClusterWatch.start(cluster.client(), sources, bundles::onChange);
        bundles.tasks.start(bundles.queue::run);
        return bundles;
    }

    /** The roots are others than before. */
    public void refresh() {
        namespaces.forEach(queue::add);
    }

    private void onChange(Change change) {
        switch (change) {
            case Change.Upsert(var _, var _, var object) -> seen(object);
            case Change.Delete(var _, var object) -> gone(object);
            case Change.Synced() -> {
                // Only now is it known which ones are missing.
                refresh();
            }
        }
    }

    private void seen(HasMetadata object) {
        if (object instanceof ConfigMap map) {
            present.put(map.getMetadata().getNamespace(), map);
            queue.add(map.getMetadata().getNamespace());
        } else if (object instanceof Namespace namespace) {
            var name = namespace.getMetadata().getName();
            boolean ending = namespace.getMetadata().getDeletionTimestamp() != null;
            if (ending || LEFT_ALONE.contains(name)) {
                namespaces.remove(name);
            } else if (namespaces.add(name)) {
                queue.add(name);
            }
        }
    }

    private void gone(HasMetadata object) {
        if (object instanceof ConfigMap map) {
            present.remove(map.getMetadata().getNamespace());
            queue.add(map.getMetadata().getNamespace());
        } else {
            namespaces.remove(object.getMetadata().getName());
        }
    }

    private void write(String namespace) {
        if (!namespaces.contains(namespace)) {
            return;
        }
        var wanted = new String(roots.get(), StandardCharsets.US_ASCII);
        var known = present.get(namespace);
        if (known != null
                && wanted.equals(
                        known.getData() == null ? null : known.getData().get(KEY))) {
            return;
        }
        try {
            var maps = client.configMaps().inNamespace(namespace);
            if (known == null) {
                maps.resource(bundle(namespace, wanted, null)).create();
            } else {
                maps.resource(bundle(namespace, wanted, known.getMetadata().getResourceVersion()))
                        .update();
            }
        } catch (KubernetesClientException e) {
            // Someone else wrote or the namespace ends: what the watch tells next says what to do.
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static ConfigMap bundle(String namespace, String roots, @Nullable String version) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .withLabels(LABELS)
                .withResourceVersion(version)
                .endMetadata()
                .withData(Map.of(KEY, roots))
                .build();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        tasks.close();
    }
}
