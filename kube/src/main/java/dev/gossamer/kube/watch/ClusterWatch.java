package dev.gossamer.kube.watch;

import dev.gossamer.core.lifecycle.TaskGroup;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches any number of kinds and delivers what changes to one listener, in one order.
 *
 * <p>It reconnects by itself. While the API is away the listener hears nothing; afterwards it hears only what really
 * differs from what it heard last. Custom kinds that are not installed are looked for quietly and picked up when they
 * appear; when one is uninstalled, its objects are deleted. Thread-safe.
 */
public final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final Duration LOOK_FOR_KINDS_EVERY = Duration.ofSeconds(2);

    private final ChangeQueue queue = new ChangeQueue();
    private final TaskGroup tasks = new TaskGroup("cluster-watch");
    private final SyncGate gate;
    private final List<SourceInformer> informers;

    private ClusterWatch(KubernetesClient client, List<Source> sources, Outage outage) {
        this.gate = new SyncGate(new LinkedHashSet<>(sources), queue::synced);
        this.informers = sources.stream()
                .map(source -> new SourceInformer(client, source, queue, gate, outage))
                .toList();
    }

    /**
     * Starts watching, and returns before the first change is delivered.
     *
     * @param listener called on a virtual thread of this watch's own; an unchecked exception of it is logged and costs
     *     that one change, no other
     * @throws ClusterUnreachableException if the API does not answer now. Later outages are ridden out.
     */
    public static ClusterWatch start(KubernetesClient client, List<Source> sources, ChangeListener listener)
            throws ClusterUnreachableException {
        return start(client, sources, listener, LOOK_FOR_KINDS_EVERY);
    }

    static ClusterWatch start(
            KubernetesClient client, List<Source> sources, ChangeListener listener, Duration lookForKindsEvery)
            throws ClusterUnreachableException {
        Connection.requireReachable(client);
        var watch = new ClusterWatch(
                client, List.copyOf(sources), new Outage(client.getMasterUrl().toString()));
        var discovery = new Discovery(client);
        watch.informers.forEach(informer -> informer.startIfServed(discovery));
        watch.tasks.start(() -> watch.deliver(listener));
        if (sources.stream().anyMatch(source -> source.kind().optional())) {
            watch.tasks.start(() -> watch.lookForMissingKinds(client, lookForKindsEvery));
        }
        return watch;
    }

    /** Ends the watch; the listener hears no more once this returns. */
    @Override
    public void close() {
        informers.forEach(SourceInformer::close);
        tasks.close();
    }

    private void deliver(ChangeListener listener) throws InterruptedException {
        while (true) {
            var change = queue.take();
            try {
                listener.onChange(change);
            } catch (RuntimeException e) {
                LOG.error("a change could not be processed and is skipped: {}", describe(change), e);
            }
        }
    }

    private void lookForMissingKinds(KubernetesClient client, Duration every) throws InterruptedException {
        while (true) {
            Thread.sleep(every);
            // One Discovery per round: kinds of one group share a request.
            var discovery = new Discovery(client);
            informers.forEach(informer -> informer.startIfServed(discovery));
        }
    }

    private static String describe(Change change) {
        return switch (change) {
            case Change.Upsert(var key, var _, var _) -> key + " changed";
            case Change.Delete(var key, var _) -> key + " deleted";
            case Change.Synced() -> "synced";
        };
    }

    /** Opens when every source has listed for the first time. Thread-safe. */
    static final class SyncGate {
        private final Set<Source> awaited;
        private final Runnable onOpen;

        SyncGate(Set<Source> awaited, Runnable onOpen) {
            this.awaited = awaited;
            this.onOpen = onOpen;
        }

        synchronized void done(Source source) {
            if (awaited.remove(source) && awaited.isEmpty()) {
                onOpen.run();
            }
        }
    }

    /** Says once that the API went away, and once that it is back. Thread-safe. */
    static final class Outage {
        private final String address;
        private boolean away;

        Outage(String address) {
            this.address = address;
        }

        synchronized void failed(Throwable cause) {
            // Everything that the server answered, even an error, means that it is there.
            if (!away && !(cause instanceof KubernetesClientException answered && answered.getCode() > 0)) {
                away = true;
                LOG.warn("the Kubernetes API at {} is away, retrying: {}", address, Connection.rootMessage(cause));
            }
        }

        synchronized void over() {
            if (away) {
                away = false;
                LOG.info("the Kubernetes API at {} is back", address);
            }
        }
    }
}
