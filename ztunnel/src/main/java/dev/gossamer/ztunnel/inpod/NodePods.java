package dev.gossamer.ztunnel.inpod;

import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.OriginalDestination;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.pod.LiveConnections;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.state.MeshView;
import dev.gossamer.ztunnel.telemetry.Reports;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a pod's proxy, and looks after all of them together: counting, judging again, draining. Thread-safe. */
public final class NodePods implements PodStarter, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodePods.class);
    private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);

    private final Loops loops;
    private final ZtunnelConfig config;
    private final MeshState mesh;
    private final Certificates certificates;
    private final Reports reports;
    private final WindowBudget budget;
    private final boolean portReuse;
    private final boolean transparent;
    private final Set<Served> all = ConcurrentHashMap.newKeySet();
    private final MeshState.Subscriber reviews = this::onView;
    private final ScheduledFuture<?> housekeeping;

    /** {@code transparent}: whether connections can be made in a client's name. */
    public NodePods(
            Loops loops,
            ZtunnelConfig config,
            MeshState mesh,
            Certificates certificates,
            Reports reports,
            boolean portReuse,
            boolean transparent) {
        this.loops = loops;
        this.config = config;
        this.mesh = mesh;
        this.certificates = certificates;
        this.reports = reports;
        this.budget = new WindowBudget(config.tunnels().memoryBudget());
        this.portReuse = portReuse;
        this.transparent = transparent;
        mesh.subscribe(reviews);
        housekeeping = loops.next()
                .scheduleWithFixedDelay(
                        this::keepHouse, COUNT_INTERVAL.toMillis(), COUNT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public ServedPod start(LocalWorkloadKey key, Netns namespace) throws IOException, InterruptedException {
        return open(key, namespace);
    }

    /** Serves the one workload of this process's own namespace. */
    public ServedPod startHere(LocalWorkloadKey key) throws IOException, InterruptedException {
        return open(key, null);
    }

    private Served open(LocalWorkloadKey key, @Nullable Netns namespace) throws IOException, InterruptedException {
        var sockets = new PodSockets(loops, namespace, config.sockets(), portReuse, transparent);
        var pod = new LocalPod(key, mesh, sockets, certificates, new LiveConnections());
        var served = new Served(PodProxy.start(pod, config, reports, budget, OriginalDestination::of), namespace);
        all.add(served);
        return served;
    }

    /** Who may connect to a pod changed: what is open is judged again. */
    private void onView(MeshView view, MeshView previous) {
        if (!view.hasPoliciesOf(previous) || !view.hasLocalWorkloadsOf(previous)) {
            all.forEach(served -> served.proxy.pod().connections().forEach(connection -> connection.review(view)));
        }
    }

    private void keepHouse() {
        for (var served : all) {
            served.proxy.count();
            served.endIfPossible();
        }
    }

    /** Takes nothing new, and waits until all is done or {@code deadline} has passed; then cuts what is left. */
    public void drain(Duration deadline) throws InterruptedException {
        all.forEach(served -> served.proxy.drain());
        long end = reports.nanoTime() + deadline.toNanos();
        while (openConnections() > 0 && reports.nanoTime() < end) {
            Thread.sleep(DRAIN_POLL);
        }
        if (openConnections() > 0) {
            LOG.info("cutting {} connections that are open {} after the drain began", openConnections(), deadline);
            all.forEach(served -> served.proxy.cut("proxy shut down"));
        }
    }

    private int openConnections() {
        return all.stream()
                .mapToInt(served -> served.proxy.pod().connections().count())
                .sum();
    }

    @Override
    public void close() {
        mesh.unsubscribe(reviews);
        housekeeping.cancel(false);
        all.forEach(served -> served.proxy.pod().sockets().close());
    }

    /** One pod, until its last connection has ended. */
    private final class Served implements ServedPod {
        private final PodProxy proxy;
        private final @Nullable Netns namespace;
        private volatile boolean released;

        Served(PodProxy proxy, @Nullable Netns namespace) {
            this.proxy = proxy;
            this.namespace = namespace;
        }

        @Override
        public LiveConnections connections() {
            return proxy.pod().connections();
        }

        @Override
        public void release() {
            released = true;
            proxy.drain();
            endIfPossible();
        }

        private void endIfPossible() {
            if (!released) {
                return;
            }
            if (connections().count() > 0) {
                if (namespace == null || !PodNetwork.isGone(namespace)) {
                    return;
                }
                // The pod is deleted: nothing can reach it any more, and its peers should learn that.
                proxy.cut("pod is gone");
            }
            if (all.remove(this)) {
                proxy.pod().sockets().close();
            }
        }
    }
}
