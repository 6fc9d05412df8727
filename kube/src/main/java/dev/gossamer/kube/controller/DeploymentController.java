package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves a deployment's replicas from the ReplicaSets of old templates to that of its present one. */
final class DeploymentController implements Controller {
    private final Cluster cluster;
    private final Revisions revisions;
    private final DeploymentStatuses statuses;

    DeploymentController(Cluster cluster) {
        this.cluster = cluster;
        this.revisions = new Revisions(cluster);
        this.statuses = new DeploymentStatuses(cluster);
    }

    @Override
    public String name() {
        return "deployment";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.DEPLOYMENTS)) {
            return List.of(Request.of(object));
        }
        if (kind.equals(Kinds.REPLICA_SETS)) {
            var owner = Request.ownerOf(object, "Deployment");
            return owner == null ? List.of() : List.of(owner);
        }
        // A pod's end lets a Recreate go on; its other changes arrive through its ReplicaSet's status.
        return kind.equals(Kinds.PODS) ? ownersOfOwner(object) : List.of();
    }

    private List<Request> ownersOfOwner(HasMetadata pod) {
        var owner = Request.ownerOf(pod, "ReplicaSet");
        var set = owner == null ? null : cluster.view().get(Kinds.REPLICA_SETS, owner.namespace(), owner.name());
        var deployment = set == null ? null : Request.ownerOf(set, "Deployment");
        return deployment == null ? List.of() : List.of(deployment);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var deployment = cluster.view().get(Kinds.DEPLOYMENTS, request.namespace(), request.name());
        if (deployment == null || Objects.isBeingDeleted(deployment)) {
            return null;
        }
        var sets = revisions.of(deployment);
        var current = Revisions.current(deployment, sets);
        var old = sets.stream().filter(set -> set != current).toList();
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            resizePaused(deployment, sets);
        } else if (isRecreate(deployment)) {
            recreate(deployment, current, old);
        } else {
            roll(deployment, current, old);
        }
        var after = revisions.of(deployment);
        return statuses.report(deployment, Revisions.current(deployment, after), after);
    }

    private static boolean isRecreate(Deployment deployment) {
        var strategy = deployment.getSpec().getStrategy();
        return strategy != null && "Recreate".equals(strategy.getType());
    }

    static int wanted(Deployment deployment) {
        var replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    private static Rollout rollout(Deployment deployment) {
        int wanted = wanted(deployment);
        if (isRecreate(deployment)) {
            return new Rollout(wanted, 0, wanted);
        }
        var strategy = deployment.getSpec().getStrategy();
        var rolling = strategy == null ? null : strategy.getRollingUpdate();
        return Rollout.of(
                wanted,
                rolling == null ? null : rolling.getMaxSurge(),
                rolling == null ? null : rolling.getMaxUnavailable(),
                "25%",
                "25%");
    }

    static int maxUnavailable(Deployment deployment) {
        return rollout(deployment).maxUnavailable();
    }

    /** A paused deployment starts no rollout, but its size still counts if it is clear which set to size. */
    private void resizePaused(Deployment deployment, List<ReplicaSet> sets) {
        var live = sets.stream()
                .filter(set -> ReplicaSetController.wanted(set) > 0)
                .toList();
        if (live.size() == 1) {
            revisions.scale(live.getFirst(), wanted(deployment));
        }
    }

    private void recreate(Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> old) {
        for (var set : old) {
            revisions.scale(set, 0);
        }
        boolean oldPodsLeft = old.stream()
                .flatMap(set -> cluster.view().controlledBy(Kinds.PODS, set).stream())
                .anyMatch(pod -> !Pods.isFinished(pod));
        if (oldPodsLeft) {
            return;
        }
        var rollout = rollout(deployment);
        if (current == null) {
            revisions.create(deployment, old, rollout.replicas(), rollout);
        } else {
            revisions.scale(revisions.makeNewest(deployment, current, old, rollout), rollout.replicas());
        }
        revisions.forgetOld(deployment, old);
    }

    private void roll(Deployment deployment, @Nullable ReplicaSet found, List<ReplicaSet> old) {
        var rollout = rollout(deployment);
        int oldReplicas = old.stream().mapToInt(ReplicaSetController::wanted).sum();
        if (found == null) {
            revisions.create(deployment, old, rollout.newSize(0, oldReplicas), rollout);
            return;
        }
        var current = revisions.makeNewest(deployment, found, old, rollout);
        int size = ReplicaSetController.wanted(current);
        current = revisions.scale(current, rollout.newSize(size, size + oldReplicas));
        if (oldReplicas > 0) {
            shrinkOld(rollout, current, old);
        } else {
            revisions.forgetOld(deployment, old);
        }
    }

    private void shrinkOld(Rollout rollout, ReplicaSet current, List<ReplicaSet> old) {
        var oldestFirst = new ArrayList<>(old.reversed());
        int oldReplicas = old.stream().mapToInt(ReplicaSetController::wanted).sum();
        int newSize = ReplicaSetController.wanted(current);
        int removable = rollout.removableOld(oldReplicas + newSize, newSize, Revisions.available(current));
        // Replicas that do not work are no loss, so they go first, from whichever set.
        for (int i = 0; i < oldestFirst.size() && removable > 0; i++) {
            var set = oldestFirst.get(i);
            int broken = Math.max(0, ReplicaSetController.wanted(set) - Revisions.available(set));
            int removed = Math.min(removable, broken);
            oldestFirst.set(i, revisions.scale(set, ReplicaSetController.wanted(set) - removed));
            removable -= removed;
        }
        int available = Revisions.available(current)
                + oldestFirst.stream()
                        .mapToInt(set -> Math.min(Revisions.available(set), ReplicaSetController.wanted(set)))
                        .sum();
        int spare = rollout.removableAvailable(available);
        for (var set : oldestFirst) {
            int removed = Math.min(spare, ReplicaSetController.wanted(set));
            revisions.scale(set, ReplicaSetController.wanted(set) - removed);
            spare -= removed;
        }
    }
}
