package dev.gossamer.lab.pods;

import dev.gossamer.core.lifecycle.Shutdown;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the pods of one node, as its kubelet. Thread-safe.
 *
 * <p>Closing it ends the reporting only: the processes end with the lab.
 */
public final class PodRunner implements AutoCloseable {
    private final Node node;
    private final EventRecorder recorder;
    private final RunningPods running;
    private final Shutdown shutdown = new Shutdown();
    /** By uid. Confined to the watch's thread. */
    private final Map<String, PodWorker> workers = new HashMap<>();

    private PodRunner(Node node, RunningPods running) {
        this.node = node;
        this.running = running;
        this.recorder = new EventRecorder(node.client(), node.name(), node.time());
    }

    /**
     * Registers the node and takes up its pods. {@code running}: where others find them.
     *
     * @throws ClusterUnreachableException if the API does not answer
     */
    public static PodRunner start(Node node, RunningPods running) throws ClusterUnreachableException {
        var runner = new PodRunner(node, running);
        var heartbeat = new NodeHeartbeat(node);
        heartbeat.register();
        var tasks = runner.shutdown.owns(new TaskGroup(node.name()));
        tasks.start(heartbeat::run);
        tasks.start(runner.recorder::run);
        var pods = Source.all(Kind.builtIn(Pod.class)).withField("spec.nodeName", node.name());
        runner.shutdown.owns(ClusterWatch.start(node.client(), List.of(pods), runner::onChange));
        return runner;
    }

    private void onChange(Change change) {
        switch (change) {
            case Change.Upsert(var _, var _, HasMetadata object) -> {
                if (object instanceof Pod pod) {
                    seen(pod);
                }
            }
            case Change.Delete(var _, HasMetadata object) -> {
                var worker = workers.remove(object.getMetadata().getUid());
                if (worker != null) {
                    worker.remove();
                }
            }
            case Change.Synced() -> {
                // A pod is taken up as soon as it is seen.
            }
        }
    }

    private void seen(Pod pod) {
        var uid = pod.getMetadata().getUid();
        var known = workers.get(uid);
        if (known != null) {
            known.update(pod);
            return;
        }
        var worker = new PodWorker(node, recorder, pod);
        workers.put(uid, worker);
        running.add(uid, worker);
        worker.update(pod);
        Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).start(() -> {
            worker.run();
            running.remove(uid, worker);
        });
    }

    @Override
    public void close() {
        shutdown.close();
    }
}
