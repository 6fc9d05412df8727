package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What state a pod is in, as controllers see it. */
final class Pods {
    /** Which pod to delete first: the one that is missed least. */
    static final Comparator<Pod> LEAST_USEFUL_FIRST = Comparator.<Pod, Boolean>comparing(Pods::isAssigned)
            .thenComparing(pod -> phase(pod).equals("Running"))
            .thenComparing(Pods::isReady)
            .thenComparing(pod -> Timestamps.parse(pod.getMetadata().getCreationTimestamp()), Comparator.reverseOrder())
            .thenComparing(pod -> pod.getMetadata().getName());

    private Pods() {}

    static String phase(Pod pod) {
        var status = pod.getStatus();
        return status == null || status.getPhase() == null ? "Pending" : status.getPhase();
    }

    static boolean isFinished(Pod pod) {
        return isSucceeded(pod) || isFailed(pod);
    }

    static boolean isSucceeded(Pod pod) {
        return phase(pod).equals("Succeeded");
    }

    static boolean isFailed(Pod pod) {
        return phase(pod).equals("Failed");
    }

    /** Neither finished nor about to go: it counts as a replica. */
    static boolean isActive(Pod pod) {
        return !isFinished(pod) && !Objects.isBeingDeleted(pod);
    }

    static boolean isAssigned(Pod pod) {
        return nodeName(pod) != null;
    }

    static @Nullable String nodeName(Pod pod) {
        var name = pod.getSpec().getNodeName();
        return name == null || name.isEmpty() ? null : name;
    }

    static boolean isReady(Pod pod) {
        return readyCondition(pod) != null;
    }

    /** Ready for at least {@code minReady}. */
    static boolean isAvailable(Pod pod, Duration minReady, Instant now) {
        var ready = readyCondition(pod);
        return ready != null
                && (minReady.isZero()
                        || !Timestamps.parse(ready.getLastTransitionTime())
                                .plus(minReady)
                                .isAfter(now));
    }

    private static @Nullable PodCondition readyCondition(Pod pod) {
        var condition = condition(pod, "Ready");
        return condition != null && "True".equals(condition.getStatus()) ? condition : null;
    }

    static @Nullable PodCondition condition(Pod pod, String type) {
        var status = pod.getStatus();
        if (status != null && status.getConditions() != null) {
            for (var condition : status.getConditions()) {
                if (condition.getType().equals(type)) {
                    return condition;
                }
            }
        }
        return null;
    }

    /** Containers that run for the pod's whole life; sidecar init containers are not looked into for ports. */
    static List<Container> containers(Pod pod) {
        var containers = pod.getSpec().getContainers();
        return containers == null ? List.of() : containers;
    }
}
