package dev.gossamer.kube.controller;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** The running controllers of a cluster that has none of its own. Thread-safe. */
public final class Controllers implements AutoCloseable {
    private final ClusterView view;
    private final List<ControllerLoop> loops;
    private final TaskGroup tasks = new TaskGroup("controller");
    private final ClusterWatch watch;

    private Controllers(KubernetesClient client, String clusterCaPem, TimeSource time)
            throws ClusterUnreachableException {
        view = new ClusterView(time);
        var cluster = new Cluster(client, view, time);
        loops = List.<Controller>of(
                        new NamespaceController(cluster, clusterCaPem),
                        new DeploymentController(cluster),
                        new ReplicaSetController(cluster),
                        new DaemonSetController(cluster),
                        new StatefulSetController(cluster),
                        new JobController(cluster),
                        new CronJobController(cluster),
                        new EndpointsController(cluster),
                        new Scheduler(cluster),
                        new PodGarbageController(cluster))
                .stream()
                .map(controller -> new ControllerLoop(controller, new WorkQueue<>(time)))
                .toList();
        watch = ClusterWatch.start(client, Kinds.ALL.stream().map(Source::all).toList(), this::onChange);
    }

    /**
     * Starts all controllers.
     *
     * @param client an administrator's; stays the caller's to close
     * @param clusterCaPem what pods are to trust the API server by: goes into each namespace's kube-root-ca.crt
     * @throws ClusterUnreachableException if the API does not answer
     */
    public static Controllers start(KubernetesClient client, String clusterCaPem, TimeSource time)
            throws ClusterUnreachableException {
        return new Controllers(client, clusterCaPem, time);
    }

    private void onChange(Change change) {
        switch (change) {
            case Change.Upsert(var key, var old, var object) -> {
                view.seen(key.kind(), object);
                if (old != null) {
                    // A pod whose labels changed concerns those that it leaves, too.
                    route(key.kind(), old);
                }
                route(key.kind(), object);
            }
            case Change.Delete(var key, var object) -> {
                view.gone(key.kind(), object);
                route(key.kind(), object);
            }
            // Before this point absence means nothing, so nobody may act on it.
            case Change.Synced() -> loops.forEach(loop -> tasks.start(loop::run));
        }
    }

    private void route(Kind<?> kind, HasMetadata object) {
        loops.forEach(loop -> loop.changed(kind, object));
    }

    /** Stops all controllers; what they made stays. */
    @Override
    public void close() {
        watch.close();
        tasks.close();
    }
}
