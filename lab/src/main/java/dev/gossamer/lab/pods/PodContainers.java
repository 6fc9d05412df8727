package dev.gossamer.lab.pods;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.lab.containers.ContainerEvents;
import dev.gossamer.lab.containers.ContainerReport;
import dev.gossamer.lab.containers.ContainerSetup;
import dev.gossamer.lab.containers.ContainerState;
import dev.gossamer.lab.containers.ContainerTask;
import dev.gossamer.lab.containers.RestartRule;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers of one pod in their order: init containers one after the other, sidecars among them going on, then the
 * main ones together. Thread-safe.
 */
final class PodContainers {
    private static final Logger LOG = LoggerFactory.getLogger(PodContainers.class);

    /** Its spec beside its task; {@code sidecar}: an init container that goes on. Immutable. */
    private record Entry(Container spec, ContainerTask task, boolean sidecar) {
        boolean succeeded() {
            return task.hasEnded() && task.report().state() instanceof ContainerState.Terminated end && end.succeeded();
        }
    }

    private final List<Entry> init;
    private final List<Entry> main;
    private volatile boolean initialized;
    private volatile boolean failedToInitialize;
    private volatile boolean stopping;

    PodContainers(ContainerSetup setup, ContainerEvents events) {
        var spec = setup.pod().getSpec();
        var rule = rule(spec.getRestartPolicy());
        this.init = initContainers(setup.pod()).stream()
                .map(container -> entry(setup, container, isSidecar(container), initRule(container, rule), events))
                .toList();
        this.main = spec.getContainers().stream()
                .map(container -> entry(setup, container, false, rule, events))
                .toList();
    }

    private static Entry entry(
            ContainerSetup setup, Container container, boolean sidecar, RestartRule rule, ContainerEvents events) {
        return new Entry(container, new ContainerTask(setup, container, rule, events), sidecar);
    }

    private static List<Container> initContainers(Pod pod) {
        var init = pod.getSpec().getInitContainers();
        return init == null ? List.of() : init;
    }

    private static boolean isSidecar(Container container) {
        return "Always".equals(container.getRestartPolicy());
    }

    private static RestartRule rule(@Nullable String policy) {
        return switch (policy) {
            case "Never" -> RestartRule.NEVER;
            case "OnFailure" -> RestartRule.ON_FAILURE;
            case null, default -> RestartRule.ALWAYS;
        };
    }

    /** An init container has to succeed once, whatever the pod's policy says of the main ones. */
    private static RestartRule initRule(Container container, RestartRule ofPod) {
        return isSidecar(container)
                ? RestartRule.ALWAYS
                : ofPod == RestartRule.NEVER ? RestartRule.NEVER : RestartRule.ON_FAILURE;
    }

    /** Runs everything; returns when no container is left that runs or will. */
    void run(TaskGroup tasks) throws InterruptedException {
        if (initialize(tasks)) {
            for (var each : main) {
                tasks.start(each.task()::run);
            }
            for (var each : main) {
                each.task().awaitEnd();
            }
        }
        // Sidecars serve the main containers, so they are the last to go, the newest first.
        for (var sidecar : init.reversed()) {
            sidecar.task().stop(Duration.ofSeconds(2));
        }
        for (var each : init) {
            if (each.sidecar() && hasBegun(each)) {
                each.task().awaitEnd();
            }
        }
    }

    private static boolean hasBegun(Entry entry) {
        return !entry.task().report().id().isEmpty();
    }

    private boolean initialize(TaskGroup tasks) throws InterruptedException {
        for (var each : init) {
            if (stopping) {
                return false;
            }
            tasks.start(each.task()::run);
            if (each.sidecar()) {
                boolean _ = each.task().awaitFirstStart();
                continue;
            }
            each.task().awaitEnd();
            if (!each.succeeded()) {
                failedToInitialize = !stopping;
                return false;
            }
        }
        initialized = !stopping;
        return initialized;
    }

    /** Ends all containers, sidecars after the others; on a thread of its own, as it waits. */
    void stop(Duration grace) {
        stopping = true;
        try (var stops = new TaskGroup("stop")) {
            for (var each : initialized ? main : init) {
                stops.start(() -> each.task().stop(grace));
            }
            stops.join();
            for (var each : init.reversed()) {
                each.task().stop(Duration.ofSeconds(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("ending a pod's containers gently failed, so they are killed", e.getCause());
            kill();
        }
    }

    void kill() {
        stopping = true;
        Stream.concat(main.stream(), init.stream()).forEach(each -> each.task().kill());
    }

    @Nullable
    ContainerTask find(String name) {
        return Stream.concat(main.stream(), init.stream())
                .filter(each -> each.spec().getName().equals(name))
                .map(Entry::task)
                .findFirst()
                .orElse(null);
    }

    PodPhase phase(Pod pod, @Nullable String address, String nodeAddress) {
        var initReports = new ArrayList<PodPhase.Named>();
        for (var each : init) {
            initReports.add(named(each, !each.sidecar()));
        }
        return new PodPhase(
                pod,
                address,
                nodeAddress,
                initReports,
                main.stream().map(each -> named(each, false)).toList(),
                initialized,
                outcome());
    }

    private PodPhase.@Nullable Outcome outcome() {
        if (failedToInitialize) {
            return PodPhase.Outcome.FAILED;
        }
        if (!initialized || main.stream().anyMatch(each -> !each.task().hasEnded())) {
            return null;
        }
        return main.stream().allMatch(Entry::succeeded) ? PodPhase.Outcome.SUCCEEDED : PodPhase.Outcome.FAILED;
    }

    private PodPhase.Named named(Entry entry, boolean isInit) {
        var report = entry.task().report();
        boolean isWaitingForInit = !initialized && !isInit && !entry.sidecar() && !init.isEmpty();
        return new PodPhase.Named(
                entry.spec().getName(),
                entry.spec().getImage(),
                isInit,
                isWaitingForInit ? ContainerReport.waiting("PodInitializing") : report);
    }

    /** The phase of a pod of which nothing has been started. */
    static PodPhase notStarted(Pod pod, @Nullable String address, String nodeAddress) {
        var creating = ContainerReport.waiting("ContainerCreating");
        return new PodPhase(
                pod,
                address,
                nodeAddress,
                initContainers(pod).stream()
                        .map(each -> new PodPhase.Named(each.getName(), each.getImage(), !isSidecar(each), creating))
                        .toList(),
                pod.getSpec().getContainers().stream()
                        .map(each -> new PodPhase.Named(each.getName(), each.getImage(), false, creating))
                        .toList(),
                initContainers(pod).isEmpty(),
                null);
    }
}
