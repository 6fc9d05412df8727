package dev.gossamer.lab.pods;

import dev.gossamer.core.lifecycle.TaskGroup;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the pods of one node, as its kubelet. Thread-safe.
 *
 * <p>Closing it ends the reporting only: the processes end with the lab.
 */
public final class PodRunner implements AutoCloseable {
    private final Node node;
    private final EventRecorder recorder;
    private final NodeHeartbeat heartbeat;
    private final RunningPods running;
    private final TaskGroup tasks;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Pod> informer;

    private PodRunner(Node node, RunningPods running) {
        this.node = node;
        this.running = running;
        this.recorder = new EventRecorder(node.client(), node.name(), node.time());
        this.heartbeat = new NodeHeartbeat(node);
        this.tasks = new TaskGroup(node.name());
        this.informer = node.client()
                .pods()
                .inAnyNamespace()
                .withField("spec.nodeName", node.name())
                .inform(new Handler());
    }

    /** Registers the node and takes up its pods. {@code running}: where others find them. */
    public static PodRunner start(Node node, RunningPods running) {
        var runner = new PodRunner(node, running);
        runner.heartbeat.register();
        runner.tasks.start(runner.heartbeat::run);
        runner.tasks.start(runner.recorder::run);
        return runner;
    }

    @Override
    public void close() {
        informer.close();
        tasks.close();
    }

    /** Thread-safe: the informer calls it from one thread after the other. */
    private final class Handler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            seen(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            if (!before.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                onDelete(before, false);
            }
            seen(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean isUnknown) {
            var worker = workers.remove(pod.getMetadata().getUid());
            if (worker != null) {
                worker.remove();
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
    }
}
