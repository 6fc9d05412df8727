package dev.gossamer.kube.install;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Waits for what was applied to take effect. Thread-safe. */
final class Rollouts {
    private static final Duration LOOK_EVERY = Duration.ofMillis(150);

    private final KubernetesClient client;
    private final TimeSource time;

    Rollouts(KubernetesClient client, TimeSource time) {
        this.client = client;
        this.time = time;
    }

    void awaitEstablished(List<HasMetadata> objects, Duration timeout)
            throws InstallationException, InterruptedException {
        for (var object : objects) {
            if (object instanceof CustomResourceDefinition definition) {
                var name = definition.getMetadata().getName();
                await(
                        () -> isEstablished(name),
                        timeout,
                        () -> "the API server does not serve " + name + ", though it took its definition");
            }
        }
    }

    private boolean isEstablished(String name) {
        var definition = client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(name)
                .get();
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Established") && "True".equals(condition.getStatus()));
    }

    /** Returns at once for kinds that have nothing to roll out. */
    void await(HasMetadata object, Duration timeout) throws InstallationException, InterruptedException {
        var namespace = object.getMetadata().getNamespace();
        var name = object.getMetadata().getName();
        switch (object) {
            case Deployment deployment ->
                await(
                        () -> isRolledOut(client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()),
                        timeout,
                        () -> reason(
                                object,
                                timeout,
                                deployment.getSpec().getSelector().getMatchLabels()));
            case DaemonSet set ->
                await(
                        () -> isRolledOut(client.apps()
                                .daemonSets()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()),
                        timeout,
                        () -> reason(
                                object, timeout, set.getSpec().getSelector().getMatchLabels()));
            default -> {}
        }
    }

    /** {@code gone}: waits until it has no pods any more. */
    void awaitGone(String namespace, Map<String, String> labels, Duration timeout)
            throws InstallationException, InterruptedException {
        await(
                () -> pods(namespace, labels).isEmpty(),
                timeout,
                () -> "pods of " + namespace + " " + labels + " do not end: "
                        + pods(namespace, labels).stream()
                                .map(pod -> pod.getMetadata().getName())
                                .toList());
    }

    private static boolean isRolledOut(@Nullable Deployment deployment) {
        if (deployment == null
                || deployment.getStatus() == null
                || isUnseen(deployment, deployment.getStatus().getObservedGeneration())) {
            return false;
        }
        var status = deployment.getStatus();
        int wanted = orZero(deployment.getSpec().getReplicas());
        return orZero(status.getUpdatedReplicas()) == wanted
                && orZero(status.getReplicas()) == wanted
                && orZero(status.getAvailableReplicas()) == wanted;
    }

    private static boolean isRolledOut(@Nullable DaemonSet set) {
        if (set == null
                || set.getStatus() == null
                || isUnseen(set, set.getStatus().getObservedGeneration())) {
            return false;
        }
        var status = set.getStatus();
        int wanted = orZero(status.getDesiredNumberScheduled());
        // A cluster without nodes yet would otherwise count as done.
        return wanted > 0
                && orZero(status.getUpdatedNumberScheduled()) == wanted
                && orZero(status.getNumberAvailable()) == wanted;
    }

    private static boolean isUnseen(HasMetadata object, @Nullable Long observed) {
        var generation = object.getMetadata().getGeneration();
        return generation != null && (observed == null || observed < generation);
    }

    private static int orZero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private void await(BooleanSupplier done, Duration timeout, Supplier<String> reason)
            throws InstallationException, InterruptedException {
        long deadline = time.nanoTime() + timeout.toNanos();
        while (!done.getAsBoolean()) {
            if (time.nanoTime() - deadline > 0) {
                throw new InstallationException(reason.get(), null);
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private List<Pod> pods(String namespace, Map<String, String> labels) {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems();
    }

    private String reason(HasMetadata object, Duration timeout, Map<String, String> labels) {
        var what = object.getKind() + " " + object.getMetadata().getName() + " is not ready after "
                + timeout.toSeconds() + " s";
        var pods = pods(object.getMetadata().getNamespace(), labels);
        if (pods.isEmpty()) {
            return what + ": it has no pods; is there a node that is ready?";
        }
        return what + ": "
                + pods.stream()
                        .flatMap(Rollouts::troubles)
                        .findFirst()
                        .orElse("its pods run but are not ready; see their logs");
    }

    private static Stream<String> troubles(Pod pod) {
        var prefix = "pod " + pod.getMetadata().getName() + ": ";
        var status = pod.getStatus();
        if (status == null) {
            return Stream.empty();
        }
        var unscheduled = status.getConditions().stream()
                .filter(condition ->
                        condition.getType().equals("PodScheduled") && "False".equals(condition.getStatus()))
                .map(condition -> prefix + condition.getMessage());
        var waiting = status.getContainerStatuses().stream()
                .map(container -> container.getState())
                .filter(state -> state != null && state.getWaiting() != null)
                .map(state -> prefix
                        + state.getWaiting().getReason()
                        + (state.getWaiting().getMessage() == null
                                ? ""
                                : " (" + state.getWaiting().getMessage() + ")"));
        return Stream.concat(unscheduled, waiting);
    }
}
