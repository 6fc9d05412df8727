package dev.gossamer.lab.containers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.Backoff;
import dev.gossamer.kube.server.LogOptions;
import dev.gossamer.lab.volumes.MissingObjectException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one container of a pod running, as its restart rule has it.
 *
 * <p>{@link #run} belongs to one thread; everything else may be called from any. Thread-safe.
 */
public final class ContainerTask implements Runnable {
    /** A kubelet's own figures are 10 s and 5 min; these are those of its "reduced decay", which suits a lab. */
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
    /** A run of this length shows that the container works, so the next failure counts as the first. */
    private static final Duration HEALTHY_RUN = Duration.ofMinutes(2);

    private final ContainerSetup setup;
    private final Container container;
    private final RestartRule rule;
    private final ContainerEvents events;
    private final Backoff backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, 0, ThreadLocalRandom.current());
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch firstStartOrEnd = new CountDownLatch(1);
    /** Set at the first success of the startup probe, or at the first start without one. */
    private volatile boolean startedOnce;

    /** Confined to the thread of {@link #run}, as is the next one: how often the process has been started again. */
    private int restarts;

    private boolean restartedBefore;

    @GuardedBy("this")
    private ContainerReport report;

    @GuardedBy("this")
    private @Nullable ContainerProcess process;

    @GuardedBy("this")
    private @Nullable ContainerLog log;

    @GuardedBy("this")
    private @Nullable ContainerLog previousLog;

    public ContainerTask(ContainerSetup setup, Container container, RestartRule rule, ContainerEvents events) {
        this.setup = setup;
        this.container = container;
        this.rule = rule;
        this.events = events;
        this.report = ContainerReport.waiting("ContainerCreating");
    }

    public String name() {
        return container.getName();
    }

    public synchronized ContainerReport report() {
        return report;
    }

    @Override
    public void run() {
        try {
            boolean again = true;
            while (again && !isStopping()) {
                again = runOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
            firstStartOrEnd.countDown();
            events.changed();
        }
    }

    /** Returns whether the container is to be started again. */
    private boolean runOnce() throws InterruptedException {
        var program = awaitProgram();
        var spec = program == null ? null : awaitSpec(program);
        if (spec == null) {
            return false;
        }
        var end = runToEnd(spec);
        if (isStopping() || !rule.appliesTo(end.exitCode())) {
            return false;
        }
        if (Duration.between(end.started(), end.finished()).compareTo(HEALTHY_RUN) >= 0) {
            backoff.reset();
            restartedBefore = false;
        }
        if (end.succeeded() || restartedBefore) {
            waitBeforeRestart();
        }
        restartedBefore = true;
        restarts++;
        return true;
    }

    private void waitBeforeRestart() throws InterruptedException {
        var wait = backoff.next();
        var message = "back-off " + wait.toSeconds() + "s restarting failed container=" + name() + " pod=" + podText();
        set(report().in(new ContainerState.Waiting("CrashLoopBackOff", message)));
        events.warning("BackOff", "Back-off restarting failed container " + name() + " in pod " + podText());
        pause(wait);
    }

    private String podText() {
        var metadata = setup.pod().getMetadata();
        return metadata.getName() + "_" + metadata.getNamespace() + "(" + metadata.getUid() + ")";
    }

    /** The image's program, or null when the container is to stop. Images do not appear later: this waits for the end. */
    private @Nullable Program awaitProgram() throws InterruptedException {
        var image = container.getImage();
        var program = setup.images().find(image);
        if (program != null) {
            events.normal("Pulled", "Container image \"" + image + "\" already present on machine");
            return program;
        }
        var message = ImageMap.howToMap(image);
        set(report().in(new ContainerState.Waiting("ErrImagePull", message)));
        events.warning("Failed", "Failed to pull image \"" + image + "\": " + message);
        events.warning("Failed", "Error: ErrImagePull");
        pause(FIRST_BACKOFF.multipliedBy(2));
        set(report().in(new ContainerState.Waiting(
                "ImagePullBackOff", "Back-off pulling image \"" + image + "\": ErrImagePull: " + message)));
        events.warning("BackOff", "Back-off pulling image \"" + image + "\"");
        stop.await();
        return null;
    }

    private @Nullable LaunchSpec awaitSpec(Program program) throws InterruptedException {
        while (!isStopping()) {
            try {
                return new LaunchPlan(setup, container).of(program, restarts);
            } catch (MissingObjectException e) {
                set(report().in(new ContainerState.Waiting(
                        "CreateContainerConfigError", String.valueOf(e.getMessage()))));
                events.warning("Failed", "Error: " + e.getMessage());
            } catch (IOException | KubernetesClientException e) {
                set(report().in(new ContainerState.Waiting("CreateContainerError", String.valueOf(e.getMessage()))));
                events.warning("Failed", "Error: " + e.getMessage());
            }
            pause(FIRST_BACKOFF);
        }
        return null;
    }

    private ContainerState.Terminated runToEnd(LaunchSpec spec) throws InterruptedException {
        var started = setup.time().now();
        try {
            var running = launch(spec);
            events.normal("Created", "Created container: " + name());
            events.normal("Started", "Started container " + name());
            set(new ContainerReport(
                    new ContainerState.Running(started), report().last(), restarts, false, false, id(running)));
            int code;
            try (var probes = new ProbeLoops(container, probing(), running, new ProbeFindings(running))) {
                afterStart(running);
                probes.start();
                code = running.waitFor();
            }
            return ended(code, code == 0 ? "Completed" : code == 128 ? "StartError" : "Error", started, "");
        } catch (IOException e) {
            events.warning("Failed", "Error: " + e.getMessage());
            return ended(128, "StartError", started, String.valueOf(e.getMessage()));
        }
    }

    private ContainerState.Terminated ended(int code, String reason, Instant started, String message) {
        var end = new ContainerState.Terminated(
                code, reason, message, started, setup.time().now());
        var now = report();
        set(new ContainerReport(end, end, restarts, false, false, now.id()));
        return end;
    }

    private ContainerProcess launch(LaunchSpec spec) throws IOException, InterruptedException {
        var next = new ContainerLog(
                setup.logs().resolve(name()).resolve(restarts + ".log"), ContainerLog.MAX_FILE_BYTES, setup.time());
        synchronized (this) {
            if (previousLog != null) {
                Files.deleteIfExists(previousLog.file());
                Files.deleteIfExists(previousLog.rotated());
            }
            previousLog = log;
            log = next;
        }
        ContainerProcess running;
        try {
            running = ContainerProcess.start(spec, next);
        } catch (IOException e) {
            next.append("gossamer: " + e.getMessage());
            next.close();
            throw e;
        }
        synchronized (this) {
            process = running;
        }
        if (isStopping()) {
            running.kill();
        }
        return running;
    }

    private String id(ContainerProcess running) {
        var uid = setup.pod().getMetadata().getUid();
        return "gossamer://" + uid + "/" + name() + "/" + running.pid();
    }

    private Probing probing() {
        return new Probing(container, setup.place().node(), setup.place().podIp());
    }

    /** {@code postStart}: a failure ends the container, which its rule may then start again. */
    private void afterStart(ContainerProcess running) throws InterruptedException {
        var lifecycle = container.getLifecycle();
        if (lifecycle == null || lifecycle.getPostStart() == null) {
            return;
        }
        var problem =
                new LifecycleHooks(probing(), running).run(lifecycle.getPostStart(), LifecycleHooks.POST_START_LIMIT);
        if (problem != null) {
            events.warning("FailedPostStartHook", problem);
            running.kill();
        }
    }

    /** What probes find, told to the pod. Thread-safe. */
    private final class ProbeFindings implements ProbeLoops.Findings {
        private final ContainerProcess of;

        ProbeFindings(ContainerProcess of) {
            this.of = of;
        }

        @Override
        public void started() {
            startedOnce = true;
            firstStartOrEnd.countDown();
            probed(true, false);
        }

        @Override
        public void ready(boolean isReady) {
            probed(true, isReady);
        }

        private void probed(boolean isStarted, boolean isReady) {
            var now = report();
            if (now.state() instanceof ContainerState.Running
                    && (now.started() != isStarted || now.ready() != isReady)) {
                set(now.probed(isStarted, isReady));
            }
        }

        @Override
        public void unhealthy(String probe, String message) {
            if (!isStopping() && of.isRunning()) {
                events.warning("Unhealthy", probe + " probe failed: " + message);
            }
        }

        @Override
        public void failed(String probe) {
            events.normal("Killing", "Container " + name() + " failed " + probe + " probe, will be restarted");
            // A thread of its own: ending the run also ends the thread of the probe that asks for it.
            Thread.ofVirtual().name("restart-" + name()).start(this::restart);
        }

        private void restart() {
            try {
                of.terminate(grace());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Duration grace() {
        var seconds = setup.pod().getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(seconds == null ? 30 : seconds);
    }

    private void set(ContainerReport next) {
        synchronized (this) {
            report = next;
        }
        events.changed();
    }

    private void pause(Duration time) throws InterruptedException {
        boolean _ = stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    /** Asks the container to end and ends it when {@code grace} has passed; {@link #awaitEnd} tells when it has. */
    public void stop(Duration grace) throws InterruptedException {
        stop.countDown();
        ContainerProcess running;
        synchronized (this) {
            running = process;
        }
        if (running == null || !running.isRunning()) {
            return;
        }
        events.normal("Killing", "Stopping container " + name());
        long deadline = setup.time().nanoTime() + grace.toNanos();
        var lifecycle = container.getLifecycle();
        if (lifecycle != null && lifecycle.getPreStop() != null && grace.isPositive()) {
            var problem = new LifecycleHooks(probing(), running).run(lifecycle.getPreStop(), grace);
            if (problem != null) {
                events.warning("FailedPreStopHook", problem);
            }
        }
        running.terminate(Duration.ofNanos(Math.max(0, deadline - setup.time().nanoTime())));
    }

    /** Ends the container at once. */
    public void kill() {
        stop.countDown();
        synchronized (this) {
            if (process != null) {
                process.kill();
            }
        }
    }

    /** Waits until the container has ended for good. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Waits until the container has once been started, or has ended for good; true in the first case. */
    public boolean awaitFirstStart() throws InterruptedException {
        firstStartOrEnd.await();
        return startedOnce;
    }

    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /**
     * The container's log.
     *
     * @return null if there is none, or no earlier run
     */
    public @Nullable InputStream log(LogOptions options) throws IOException {
        ContainerLog source;
        synchronized (this) {
            source = options.previous() ? previousLog : log;
        }
        return source == null ? null : new LogReader(source, options);
    }

    /** Starts a further program in the container; null if the container does not run. */
    public @Nullable Process exec(List<String> command) throws IOException {
        var running = running();
        return running == null ? null : running.exec(command);
    }

    /** The standard input of the container's process; null if it does not run. */
    public @Nullable OutputStream stdin() {
        var running = running();
        return running == null ? null : running.stdin();
    }

    private synchronized @Nullable ContainerProcess running() {
        return process != null && process.isRunning() ? process : null;
    }
}
