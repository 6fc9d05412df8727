package dev.gossamer.control.source;

import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.ChangeSink;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Connection;
import dev.gossamer.kube.watch.ObjectKey;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes API that the control plane works with. Thread-safe. */
public final class Cluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration RETRY_EVERY = Duration.ofMillis(500);

    private final KubernetesClient client;

    public Cluster(KubernetesClient client) {
        this.client = client;
    }

    /** As the environment says: the pod's service account inside a cluster, else a kubeconfig. */
    public static Cluster ofEnvironment() {
        return new Cluster(Connection.ofEnvironment());
    }

    public KubernetesClient client() {
        return client;
    }

    /**
     * Waits until the API answers and lets us read what the mesh is made of.
     *
     * @throws ClusterUnreachableException if it does not answer in {@code patience}, or at once if it refuses us
     * @throws MissingPermissionException if it does not let us read something that cannot be done without
     */
    public void awaitUsable(String systemNamespace, Duration patience)
            throws ClusterUnreachableException, MissingPermissionException, InterruptedException {
        long start = System.nanoTime();
        boolean waiting = false;
        while (true) {
            try {
                Connection.requireReachable(client);
                break;
            } catch (ClusterUnreachableException e) {
                if (isRefusal(e) || System.nanoTime() - start > patience.toNanos()) {
                    throw e;
                }
                if (!waiting) {
                    waiting = true;
                    LOG.warn("{}; trying for {} s", e.getMessage(), patience.toSeconds());
                }
                Thread.sleep(RETRY_EVERY);
            }
        }
        requireReadable(systemNamespace);
    }

    private static boolean isRefusal(ClusterUnreachableException failure) {
        return failure.getCause() instanceof KubernetesClientException answer
                && (answer.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED
                        || answer.getCode() == HttpURLConnection.HTTP_FORBIDDEN);
    }

    /** Informers retry for ever whatever the API answers; a missing role must not look like a slow start. */
    private void requireReadable(String systemNamespace) throws MissingPermissionException {
        var refused = new TreeSet<String>();
        for (var source : WatchedKinds.sources(systemNamespace)) {
            if (!source.kind().optional() && !isReadable(source)) {
                refused.add(source.kind().toString());
            }
        }
        if (!refused.isEmpty()) {
            throw new MissingPermissionException(client.getMasterUrl().toString(), refused);
        }
    }

    private boolean isReadable(Source source) {
        var one = new ListOptionsBuilder().withLimit(1L).build();
        try {
            Class<? extends HasMetadata> type = source.kind().type();
            var namespace = source.namespace();
            if (type == ConfigMap.class && namespace != null) {
                client.configMaps().inNamespace(namespace).list(one);
            } else {
                client.resources(type).inAnyNamespace().list(one);
            }
            return true;
        } catch (KubernetesClientException e) {
            // Anything else is an outage that the watch rides out.
            return e.getCode() != HttpURLConnection.HTTP_FORBIDDEN;
        }
    }

    /** What the API says of a failed request, in one sentence. */
    public static String reason(KubernetesClientException failure) {
        var status = failure.getStatus();
        if (status != null && status.getMessage() != null) {
            return status.getMessage();
        }
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * Starts to watch all that the mesh is derived from.
     *
     * @throws ClusterUnreachableException if the API does not answer now. Later outages are ridden out.
     */
    public ClusterWatch watch(String systemNamespace, ChangeSink sink) throws ClusterUnreachableException {
        var sources = WatchedKinds.sources(systemNamespace);
        return ClusterWatch.start(client, sources, change -> {
            switch (change) {
                case dev.gossamer.kube.watch.Change.Upsert(var key, var _, var object) -> {
                    var observed = ObjectReader.read(object);
                    if (observed != null) {
                        sink.onChange(new Change.Upsert(observed));
                    } else {
                        LOG.error("an object of an unknown kind is watched: {}", key);
                    }
                }
                case dev.gossamer.kube.watch.Change.Delete(var key, var _) ->
                    sink.onChange(new Change.Delete(kind(key), new ObjectName(key.namespace(), key.name())));
                case dev.gossamer.kube.watch.Change.Synced() -> {
                    reportMissing(sources);
                    sink.onSynced();
                }
            }
        });
    }

    /** Once, at the start: what is not there yet is picked up without a word. */
    private void reportMissing(List<Source> sources) {
        var missing = new ArrayList<String>();
        for (var source : sources) {
            var kind = source.kind();
            if (kind.optional() && !isServed(kind)) {
                missing.add(kind.toString());
            }
        }
        if (!missing.isEmpty()) {
            LOG.info(
                    "not installed in this cluster: {}; they are picked up when they come", String.join(", ", missing));
        }
    }

    private boolean isServed(dev.gossamer.kube.watch.Kind<?> kind) {
        try {
            return client.supports(kind.apiVersion(), kind.name());
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private static Kind kind(ObjectKey key) {
        return switch (key.kind().name()) {
            case "Namespace" -> Kind.NAMESPACE;
            case "Node" -> Kind.NODE;
            case "Pod" -> Kind.POD;
            case "Service" -> Kind.SERVICE;
            case "EndpointSlice" -> Kind.ENDPOINT_SLICE;
            case "ConfigMap" -> Kind.MESH_CONFIG;
            case "AuthorizationPolicy" -> Kind.AUTHORIZATION_POLICY;
            case "PeerAuthentication" -> Kind.PEER_AUTHENTICATION;
            case "ServiceEntry" -> Kind.SERVICE_ENTRY;
            case "WorkloadEntry" -> Kind.WORKLOAD_ENTRY;
            case "Gateway" -> Kind.GATEWAY;
            case "GatewayClass" -> Kind.GATEWAY_CLASS;
            default -> throw new IllegalStateException("a kind is watched that nobody reads: " + key.kind());
        };
    }

    @Override
    public void close() {
        client.close();
    }

    /** The API answers but does not let us read what the mesh is made of. The operator's to mend. */
    public static final class MissingPermissionException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingPermissionException(String address, Set<String> kinds) {
            super("the Kubernetes API at " + address + " forbids listing " + String.join(", ", kinds)
                    + "; bind the cluster role istiod-clusterrole-<namespace> to this service account or user");
        }
    }
}
