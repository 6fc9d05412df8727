package dev.gossamer.ztunnel.inpod;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.ztunnel.pod.LiveConnections;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.telemetry.ProxyMetrics;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which pods are served, by what the node agent says.
 *
 * <p>Confined to the agent's thread, save for {@link #statuses} and {@link #pendingCount}.
 */
public final class PodRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(PodRegistry.class);

    /** How it is with one pod. Immutable. {@code connections}: absent while it waits to be served. */
    public record Status(
            String uid, LocalWorkloadKey pod, @Nullable LiveConnections connections) {
        public boolean isUp() {
            return connections != null;
        }
    }

    private record Entry(
            LocalWorkloadKey pod, Netns namespace, @Nullable ServedPod served) {}

    private final PodStarter starter;
    private final ProxyMetrics metrics;
    private final Map<String, Entry> pods = new ConcurrentSkipListMap<>();
    /** Named since the agent connected: what is not, when its snapshot ends, is gone. */
    private final Set<String> named = new HashSet<>();

    public PodRegistry(PodStarter starter, ProxyMetrics metrics) {
        this.starter = starter;
        this.metrics = metrics;
    }

    /** The agent connected: it will name every pod. */
    void beginSnapshot() {
        named.clear();
    }

    /**
     * Serves a pod. Takes the namespace over.
     *
     * @return why it cannot be served yet; absent if it is
     */
    @Nullable
    String add(String uid, LocalWorkloadKey pod, Netns namespace) throws InterruptedException {
        named.add(uid);
        var before = pods.get(uid);
        if (before != null && before.pod.equals(pod) && before.namespace.id().equals(namespace.id())) {
            // The agent repeats itself after it reconnected.
            namespace.close();
            return before.served == null ? start(uid, before) : null;
        }
        if (before != null) {
            LOG.info("pod {} ({}) came again in another network namespace", pod, uid);
            release(uid, before);
        }
        return start(uid, new Entry(pod, namespace, null));
    }

    /** The agent knows the pod, and has no way to its namespace any more. */
    void keep(String uid) {
        named.add(uid);
    }

    void delete(String uid, boolean inSnapshot) {
        named.remove(uid);
        var entry = pods.get(uid);
        // Within a snapshot, what is not named is dropped at its end anyway, and may be named yet.
        if (entry != null && !inSnapshot) {
            release(uid, entry);
        }
    }

    /** The agent has named every pod. */
    void endSnapshot() {
        for (var uid : List.copyOf(pods.keySet())) {
            var entry = pods.get(uid);
            if (entry != null && !named.contains(uid)) {
                LOG.info("pod {} ({}) is gone since the agent was last connected", entry.pod, uid);
                release(uid, entry);
            }
        }
    }

    /** Tries again what could not be started. */
    void retryPending() throws InterruptedException {
        for (var uid : List.copyOf(pods.keySet())) {
            var entry = pods.get(uid);
            if (entry != null && entry.served == null) {
                var _ = start(uid, entry);
            }
        }
    }

    public int pendingCount() {
        return (int) pods.values().stream().filter(e -> e.served == null).count();
    }

    public List<Status> statuses() {
        return pods.entrySet().stream()
                .map(e -> new Status(
                        e.getKey(),
                        e.getValue().pod,
                        e.getValue().served == null ? null : e.getValue().served.connections()))
                .toList();
    }

    private @Nullable String start(String uid, Entry entry) throws InterruptedException {
        String failure = null;
        ServedPod served = null;
        try {
            served = starter.start(entry.pod, entry.namespace);
            LOG.info("serving pod {} ({}), network namespace {}", entry.pod, uid, entry.namespace.id());
            metrics.onPodStarted();
        } catch (IOException e) {
            failure = "failure to start proxy : " + e.getMessage();
            LOG.warn("pod {} ({}): {}; trying again", entry.pod, uid, failure);
        }
        pods.put(uid, new Entry(entry.pod, entry.namespace, served));
        updateMetrics();
        return failure;
    }

    private void release(String uid, Entry entry) {
        pods.remove(uid);
        if (entry.served == null) {
            entry.namespace.close();
        } else {
            LOG.info("no longer serving pod {} ({})", entry.pod, uid);
            entry.served.release();
            metrics.onPodStopped();
        }
        updateMetrics();
    }

    private void updateMetrics() {
        int pending = pendingCount();
        metrics.setPods(pods.size() - pending, pending);
    }
}
