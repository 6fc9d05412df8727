package dev.gossamer.lab.pods;

import dev.gossamer.lab.containers.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pod's status as the Kubernetes API has it, derived from what is known of the pod. Immutable. */
final class PodStatusText {
    private static final Set<String> OWN_CONDITIONS =
            Set.of("PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready");

    private PodStatusText() {}

    /** {@code before}: the status written last, for the times that only change with what they are of. */
    static PodStatus of(PodPhase phase, @Nullable PodStatus before, Instant now) {
        var builder = new PodStatusBuilder()
                .withPhase(phase(phase))
                .withQosClass(PodQuality.of(phase.pod().getSpec()))
                .withHostIP(phase.nodeAddress())
                .withHostIPs(new HostIP(phase.nodeAddress()))
                .withStartTime(before != null && before.getStartTime() != null ? before.getStartTime() : time(now))
                .withConditions(conditions(phase, before, now))
                .withInitContainerStatuses(
                        phase.init().stream().map(PodStatusText::status).toList())
                .withContainerStatuses(
                        phase.main().stream().map(PodStatusText::status).toList());
        if (phase.address() != null) {
            builder.withPodIP(phase.address()).withPodIPs(new PodIP(phase.address()));
        }
        return builder.build();
    }

    private static String phase(PodPhase phase) {
        var over = phase.over();
        if (over != null) {
            return switch (over) {
                case SUCCEEDED -> "Succeeded";
                case FAILED -> "Failed";
            };
        }
        boolean anyRan = phase.main().stream()
                .anyMatch(container -> !(container.report().state() instanceof ContainerState.Waiting)
                        || container.report().last() != null);
        return phase.initialized() && anyRan ? "Running" : "Pending";
    }

    private static List<PodCondition> conditions(PodPhase phase, @Nullable PodStatus before, Instant now) {
        var conditions = new ArrayList<PodCondition>();
        var known = phase.pod().getStatus();
        if (known != null && known.getConditions() != null) {
            known.getConditions().stream()
                    .filter(condition -> !OWN_CONDITIONS.contains(condition.getType()))
                    .forEach(conditions::add);
        }
        var notReady = phase.main().stream()
                .filter(container -> !container.report().ready())
                .map(PodPhase.Named::name)
                .toList();
        var gates = gatesNotMet(phase.pod());
        boolean isReady = notReady.isEmpty() && phase.over() == null;
        conditions.add(
                condition("PodReadyToStartContainers", phase.address() != null && phase.over() == null, null, null));
        conditions.add(
                phase.initialized()
                        ? condition("Initialized", true, completed(phase), null)
                        : condition("Initialized", false, "ContainersNotInitialized", notInitialized(phase)));
        conditions.add(readiness("Ready", phase, isReady && gates.isEmpty(), notReady, gates));
        conditions.add(readiness("ContainersReady", phase, isReady, notReady, List.of()));
        conditions.add(condition("PodScheduled", true, null, null));
        return conditions.stream().map(each -> withTime(each, before, now)).toList();
    }

    private static @Nullable String completed(PodPhase phase) {
        return phase.over() == PodPhase.Outcome.SUCCEEDED ? "PodCompleted" : null;
    }

    private static String notInitialized(PodPhase phase) {
        return "containers with incomplete status: "
                + phase.init().stream().map(PodPhase.Named::name).collect(Collectors.joining(" ", "[", "]"));
    }

    private static PodCondition readiness(
            String type, PodPhase phase, boolean isReady, List<String> notReady, List<String> gates) {
        if (isReady) {
            return condition(type, true, null, null);
        }
        var over = phase.over();
        if (over != null) {
            return condition(type, false, over == PodPhase.Outcome.SUCCEEDED ? "PodCompleted" : "PodFailed", null);
        }
        if (notReady.isEmpty() && !gates.isEmpty()) {
            return condition(
                    type,
                    false,
                    "ReadinessGatesNotReady",
                    "corresponding condition of pod readiness gates is not True: " + gates);
        }
        return condition(
                type,
                false,
                "ContainersNotReady",
                "containers with unready status: " + notReady.stream().collect(Collectors.joining(" ", "[", "]")));
    }

    private static List<String> gatesNotMet(Pod pod) {
        var gates = pod.getSpec().getReadinessGates();
        if (gates == null) {
            return List.of();
        }
        var status = pod.getStatus();
        return gates.stream()
                .map(gate -> gate.getConditionType())
                .filter(type -> status == null
                        || status.getConditions().stream()
                                .noneMatch(condition ->
                                        condition.getType().equals(type) && "True".equals(condition.getStatus())))
                .toList();
    }

    private static PodCondition condition(
            String type, boolean isTrue, @Nullable String reason, @Nullable String message) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(isTrue ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    private static PodCondition withTime(PodCondition condition, @Nullable PodStatus before, Instant now) {
        if (!OWN_CONDITIONS.contains(condition.getType())) {
            return condition;
        }
        var since = before == null
                ? null
                : before.getConditions().stream()
                        .filter(old -> old.getType().equals(condition.getType())
                                && old.getStatus().equals(condition.getStatus()))
                        .map(PodCondition::getLastTransitionTime)
                        .findFirst()
                        .orElse(null);
        return new PodConditionBuilder(condition)
                .withLastTransitionTime(since == null ? time(now) : since)
                .build();
    }

    private static ContainerStatus status(PodPhase.Named container) {
        var report = container.report();
        boolean isDone = container.init() && report.state() instanceof ContainerState.Terminated end && end.succeeded();
        var builder = new ContainerStatusBuilder()
                .withName(container.name())
                .withImage(container.image())
                .withImageID(report.id().isEmpty() ? "" : "gossamer://image/" + container.image())
                .withRestartCount(report.restarts())
                .withStarted(report.started())
                // An init container that has done its work counts as ready, as kubectl's column Init has it.
                .withReady(report.ready() || isDone)
                .withState(state(report.state(), report.id()));
        if (!report.id().isEmpty()) {
            builder.withContainerID(report.id());
        }
        var last = report.last();
        if (last != null && !last.equals(report.state())) {
            builder.withLastState(state(last, report.id()));
        }
        return builder.build();
    }

    private static io.fabric8.kubernetes.api.model.ContainerState state(ContainerState state, String id) {
        var builder = new ContainerStateBuilder();
        return switch (state) {
            case ContainerState.Waiting waiting ->
                builder.withNewWaiting()
                        .withReason(waiting.reason())
                        .withMessage(waiting.message().isEmpty() ? null : waiting.message())
                        .endWaiting()
                        .build();
            case ContainerState.Running running ->
                builder.withNewRunning()
                        .withStartedAt(time(running.since()))
                        .endRunning()
                        .build();
            case ContainerState.Terminated end ->
                builder.withNewTerminated()
                        .withExitCode(end.exitCode())
                        .withReason(end.reason())
                        .withMessage(end.message().isEmpty() ? null : end.message())
                        .withStartedAt(time(end.started()))
                        .withFinishedAt(time(end.finished()))
                        .withContainerID(id)
                        .endTerminated()
                        .build();
        };
    }

    /** Kubernetes' times have whole seconds. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
