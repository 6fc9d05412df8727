package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how a deployment's rollout goes: its numbers and conditions. Confined to the deployment controller. */
final class DeploymentStatuses {
    private static final int DEFAULT_DEADLINE_SECONDS = 600;

    private final Cluster cluster;

    DeploymentStatuses(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Returns when the rollout's deadline passes, if one runs. */
    @Nullable
    Duration report(Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> sets) {
        publishRevision(deployment, current);
        var latest = cluster.view()
                .get(
                        Kinds.DEPLOYMENTS,
                        Objects.namespace(deployment),
                        deployment.getMetadata().getName());
        if (latest == null || Objects.isBeingDeleted(latest)) {
            return null;
        }
        var before = latest.getStatus() == null ? new DeploymentStatus() : latest.getStatus();
        var numbers = numbers(deployment, before, current, sets);
        var progress = progress(deployment, before, numbers, current);
        var conditions = new ArrayList<DeploymentCondition>();
        conditions.add(availability(deployment, before, numbers));
        conditions.add(progress);
        var after =
                new DeploymentStatusBuilder(numbers).withConditions(conditions).build();
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(
                    Kinds.DEPLOYMENTS, latest.edit().withStatus(after).build());
        }
        boolean running = "ReplicaSetUpdated".equals(progress.getReason());
        return running ? remaining(deployment, progress).plusSeconds(1) : null;
    }

    /** The deployment carries its newest revision's number. */
    private void publishRevision(Deployment deployment, @Nullable ReplicaSet current) {
        if (current == null) {
            return;
        }
        var revision = String.valueOf(Revisions.number(current));
        if (!revision.equals(Objects.annotations(deployment).get(Revisions.REVISION))) {
            cluster.update(
                    Kinds.DEPLOYMENTS,
                    deployment
                            .edit()
                            .editMetadata()
                            .addToAnnotations(Revisions.REVISION, revision)
                            .endMetadata()
                            .build());
        }
    }

    private static DeploymentStatus numbers(
            Deployment deployment, DeploymentStatus before, @Nullable ReplicaSet current, List<ReplicaSet> sets) {
        int available = sets.stream().mapToInt(Revisions::available).sum();
        return new DeploymentStatusBuilder(before)
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(sets.stream().mapToInt(Revisions::replicas).sum())
                .withUpdatedReplicas(current == null ? 0 : Revisions.replicas(current))
                .withReadyReplicas(sets.stream().mapToInt(Revisions::ready).sum())
                .withAvailableReplicas(available)
                .withUnavailableReplicas(Math.max(
                        0, sets.stream().mapToInt(ReplicaSetController::wanted).sum() - available))
                .build();
    }

    private DeploymentCondition availability(Deployment deployment, DeploymentStatus before, DeploymentStatus numbers) {
        int needed = DeploymentController.wanted(deployment) - DeploymentController.maxUnavailable(deployment);
        return Objects.orZero(numbers.getAvailableReplicas()) >= needed
                ? condition(
                        before,
                        "Available",
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        false)
                : condition(
                        before,
                        "Available",
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        false);
    }

    private DeploymentCondition progress(
            Deployment deployment, DeploymentStatus before, DeploymentStatus numbers, @Nullable ReplicaSet current) {
        var name = current == null ? "" : current.getMetadata().getName();
        var known = find(before, "Progressing");
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            return condition(before, "Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", false);
        }
        if (isComplete(deployment, numbers)) {
            var message = "ReplicaSet \"" + name + "\" has successfully progressed.";
            return condition(before, "Progressing", "True", "NewReplicaSetAvailable", message, false);
        }
        boolean moved = known == null
                || "NewReplicaSetAvailable".equals(known.getReason())
                || "DeploymentPaused".equals(known.getReason())
                || !java.util.Objects.equals(before.getObservedGeneration(), numbers.getObservedGeneration())
                || Objects.orZero(numbers.getUpdatedReplicas()) != Objects.orZero(before.getUpdatedReplicas())
                || Objects.orZero(numbers.getReadyReplicas()) > Objects.orZero(before.getReadyReplicas())
                || Objects.orZero(numbers.getAvailableReplicas()) > Objects.orZero(before.getAvailableReplicas())
                || Objects.orZero(numbers.getReplicas()) < Objects.orZero(before.getReplicas());
        if (known != null && !moved && remaining(deployment, known).isNegative()) {
            var message = "ReplicaSet \"" + name + "\" has timed out progressing.";
            return condition(before, "Progressing", "False", "ProgressDeadlineExceeded", message, false);
        }
        var message = "ReplicaSet \"" + name + "\" is progressing.";
        return condition(before, "Progressing", "True", "ReplicaSetUpdated", message, moved);
    }

    private static boolean isComplete(Deployment deployment, DeploymentStatus numbers) {
        int wanted = DeploymentController.wanted(deployment);
        return Objects.orZero(numbers.getUpdatedReplicas()) == wanted
                && Objects.orZero(numbers.getReplicas()) == wanted
                && Objects.orZero(numbers.getAvailableReplicas()) == wanted;
    }

    private Duration remaining(Deployment deployment, DeploymentCondition progress) {
        var deadline = deployment.getSpec().getProgressDeadlineSeconds();
        return Duration.between(
                cluster.time().now(),
                Timestamps.parse(progress.getLastUpdateTime())
                        .plusSeconds(deadline == null ? DEFAULT_DEADLINE_SECONDS : deadline));
    }

    /** {@code touched}: whether what it says was confirmed just now, though it says the same as before. */
    private DeploymentCondition condition(
            DeploymentStatus before, String type, String status, String reason, String message, boolean touched) {
        var known = find(before, type);
        var now = cluster.timestamp();
        var transition = now;
        var update = now;
        if (known != null && known.getStatus().equals(status)) {
            transition = known.getLastTransitionTime();
            boolean same = reason.equals(known.getReason()) && message.equals(known.getMessage());
            update = same && !touched ? known.getLastUpdateTime() : now;
        }
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(transition)
                .withLastUpdateTime(update)
                .build();
    }

    private static @Nullable DeploymentCondition find(DeploymentStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElse(null);
    }
}
