package dev.gossamer.lab.pods;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.lab.containers.ContainerEnvironment;
import dev.gossamer.lab.containers.ContainerEvents;
import dev.gossamer.lab.containers.ContainerSetup;
import dev.gossamer.lab.containers.ContainerTask;
import dev.gossamer.lab.topology.AddressPlan;
import dev.gossamer.lab.volumes.ClientObjects;
import dev.gossamer.lab.volumes.DownwardApi;
import dev.gossamer.lab.volumes.MissingObjectException;
import dev.gossamer.lab.volumes.PodVolumes;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one pod on its node: network, volumes, containers, status, end.
 *
 * <p>{@link #run} belongs to one thread; the rest is for any. Thread-safe.
 */
final class PodWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration VOLUME_REFRESH = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final Node node;
    private final EventRecorder recorder;
    private final String namespace;
    private final String name;
    private final String uid;
    private final StatusWriter status;
    private final ContainerEvents events = new Events();
    private final CountDownLatch stop = new CountDownLatch(1);

    @GuardedBy("this")
    private Pod pod;

    @GuardedBy("this")
    private @Nullable Sandbox sandbox;

    @GuardedBy("this")
    private @Nullable PodContainers containers;

    /** The object is gone already, so nobody waits for its deletion. */
    private volatile boolean removed;

    PodWorker(Node node, EventRecorder recorder, Pod pod) {
        this.node = node;
        this.recorder = recorder;
        this.pod = pod;
        this.namespace = pod.getMetadata().getNamespace();
        this.name = pod.getMetadata().getName();
        this.uid = pod.getMetadata().getUid();
        this.status = new StatusWriter(node.client(), namespace, name, uid, this::status);
    }

    @Override
    public void run() {
        try (var tasks = new TaskGroup("pod-" + name)) {
            tasks.start(status::run);
            live(tasks);
            status.finish();
            tasks.join();
            if (isStopping() && !removed) {
                delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("pod {}/{} is given up", namespace, name, e.getCause());
            recorder.record(current(), "Warning", "Failed", "the pod runner broke: " + e.getCause());
        } catch (IOException e) {
            LOG.error("pod {}/{} did not end cleanly", namespace, name, e);
        }
    }

    private void live(TaskGroup tasks) throws InterruptedException, IOException {
        // A runner that comes back finds its pods' objects, but no longer their processes.
        if (isOver(current())) {
            stop.await();
            return;
        }
        status.changed();
        var place = openSandbox();
        if (place == null) {
            return;
        }
        var known = withAddresses(place);
        var objects = new ClientObjects(node.client(), namespace, node.certificateAuthority());
        var downward = new DownwardApi(known, node.capacity());
        var volumes = new PodVolumes(
                known,
                node.directories().pods().resolve(uid),
                node.directories().hostPaths(),
                objects,
                downward,
                node.time());
        try {
            if (prepare(volumes, place)) {
                var setup = new ContainerSetup(
                        known,
                        new ContainerSetup.Place(
                                place.namespace(),
                                place.address(),
                                node.network().namespace()),
                        volumes,
                        objects,
                        new ContainerEnvironment(objects, downward),
                        node.images(),
                        node.directories().logs().resolve(namespace + "_" + name + "_" + uid),
                        node.time());
                runContainers(tasks, setup);
            }
        } finally {
            closeSandbox(place);
            volumes.delete();
        }
        if (!isStopping()) {
            // Its status and logs are kept until someone deletes the object.
            status.changed();
            stop.await();
        }
    }

    private void runContainers(TaskGroup tasks, ContainerSetup setup) throws InterruptedException {
        var started = new PodContainers(setup, events);
        synchronized (this) {
            containers = started;
        }
        if (isStopping()) {
            return;
        }
        var refresh = Thread.ofVirtual().name("volumes-" + name).start(() -> refresh(setup.volumes()));
        try {
            started.run(tasks);
        } finally {
            refresh.interrupt();
            refresh.join();
        }
    }

    private @Nullable Sandbox openSandbox() throws InterruptedException {
        while (!isStopping()) {
            try {
                var opened = Sandbox.open(current(), node.network());
                synchronized (this) {
                    sandbox = opened;
                }
                return opened;
            } catch (IOException e) {
                events.warning("FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
                pause(RETRY);
            }
        }
        return null;
    }

    private void closeSandbox(Sandbox opened) throws InterruptedException {
        try {
            opened.close(node.network());
        } catch (IOException e) {
            LOG.warn("the network of pod {}/{} did not go away cleanly: {}", namespace, name, e.getMessage());
        }
    }

    /** Returns false if the pod is to stop before its volumes can be had. */
    private boolean prepare(PodVolumes volumes, Sandbox place) throws InterruptedException {
        while (!isStopping()) {
            try {
                volumes.prepare(place.address(), AddressPlan.DNS_SERVICE);
                return true;
            } catch (MissingObjectException e) {
                events.warning("FailedMount", "MountVolume.SetUp failed: " + e.getMessage());
            } catch (IOException | KubernetesClientException e) {
                events.warning("FailedMount", "MountVolume.SetUp failed: " + e);
            }
            pause(RETRY);
        }
        return false;
    }

    private void refresh(PodVolumes volumes) {
        try {
            while (volumes.followObjects()) {
                Thread.sleep(VOLUME_REFRESH);
                try {
                    volumes.refresh();
                } catch (MissingObjectException e) {
                    events.warning("FailedMount", "refreshing a volume failed, it stays as it was: " + e.getMessage());
                } catch (IOException | KubernetesClientException e) {
                    LOG.warn("refreshing the volumes of pod {}/{} failed: {}", namespace, name, e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A newer version of the object. */
    void update(Pod newer) {
        synchronized (this) {
            pod = newer;
        }
        var metadata = newer.getMetadata();
        if (metadata.getDeletionTimestamp() != null) {
            var seconds = metadata.getDeletionGracePeriodSeconds();
            terminate(Duration.ofSeconds(seconds == null ? 30 : seconds));
        }
    }

    /** The object is gone: whoever deleted it did not want to wait. */
    void remove() {
        removed = true;
        terminate(Duration.ZERO);
    }

    private void terminate(Duration grace) {
        boolean isFirst = !isStopping();
        stop.countDown();
        PodContainers running;
        synchronized (this) {
            running = containers;
        }
        if (running == null) {
            return;
        }
        if (grace.isZero()) {
            running.kill();
        } else if (isFirst) {
            Thread.ofVirtual().name("stop-" + name).start(() -> running.stop(grace));
        }
    }

    private void delete() throws IOException {
        try {
            var _ = node.client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .withGracePeriod(0)
                    .delete();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw new IOException("deleting the object failed", e);
            }
        }
    }

    private Pod withAddresses(Sandbox place) {
        return new PodBuilder(current())
                .editOrNewStatus()
                .withPodIP(place.address())
                .withPodIPs(new PodIP(place.address()))
                .withHostIP(node.network().address())
                .withHostIPs(new HostIP(node.network().address()))
                .endStatus()
                .build();
    }

    private PodStatus status(@Nullable PodStatus before) {
        Pod newest;
        Sandbox place;
        PodContainers all;
        synchronized (this) {
            newest = pod;
            place = sandbox;
            all = containers;
        }
        var address = place == null ? null : place.address();
        var phase = all == null
                ? PodContainers.notStarted(newest, address, node.network().address())
                : all.phase(newest, address, node.network().address());
        return PodStatusText.of(
                phase, before == null ? newest.getStatus() : before, node.time().now());
    }

    private static boolean isOver(Pod pod) {
        var status = pod.getStatus();
        return status != null && ("Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase()));
    }

    private synchronized Pod current() {
        return pod;
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    private void pause(Duration time) throws InterruptedException {
        boolean _ = stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    String node() {
        return node.name();
    }

    /** Null while the pod has no network. */
    synchronized @Nullable Sandbox sandbox() {
        return sandbox;
    }

    /** The container of this name, or null. */
    @Nullable
    ContainerTask container(String container) {
        PodContainers all;
        synchronized (this) {
            all = containers;
        }
        return all == null ? null : all.find(container);
    }

    /** What containers tell, passed on. Thread-safe. */
    private final class Events implements ContainerEvents {
        @Override
        public void changed() {
            status.changed();
        }

        @Override
        public void normal(String reason, String message) {
            recorder.record(current(), "Normal", reason, message);
        }

        @Override
        public void warning(String reason, String message) {
            recorder.record(current(), "Warning", reason, message);
        }
    }
}
