package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps as many pods as a ReplicaSet asks for. */
final class ReplicaSetController implements Controller {
    /** One round makes or deletes no more than this, so that a typo in a number can still be taken back. */
    private static final int BURST = 500;

    private final Cluster cluster;

    ReplicaSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "replicaset";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.REPLICA_SETS)) {
            return List.of(Request.of(object));
        }
        var owner = kind.equals(Kinds.PODS) ? Request.ownerOf(object, "ReplicaSet") : null;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var set = cluster.view().get(Kinds.REPLICA_SETS, request.namespace(), request.name());
        if (set == null || Objects.isBeingDeleted(set)) {
            return null;
        }
        KubernetesClientException failure = null;
        try {
            adjust(set, activePods(set));
        } catch (KubernetesClientException e) {
            failure = e;
        }
        var wait = report(set, activePods(set), failure);
        if (failure != null) {
            throw failure;
        }
        return wait;
    }

    private List<Pod> activePods(ReplicaSet set) {
        return cluster.view().controlledBy(Kinds.PODS, set).stream()
                .filter(Pods::isActive)
                .toList();
    }

    private void adjust(ReplicaSet set, List<Pod> active) {
        int missing = wanted(set) - active.size();
        for (int i = 0; i < Math.min(missing, BURST); i++) {
            cluster.create(
                    Kinds.PODS,
                    PodTemplates.podOf(set.getSpec().getTemplate(), set).build());
        }
        active.stream()
                .sorted(Pods.LEAST_USEFUL_FIRST)
                .limit(Math.clamp(-missing, 0, BURST))
                .forEach(pod -> cluster.delete(Kinds.PODS, pod));
    }

    /** Returns when the next pod has been ready for long enough to be available. */
    private @Nullable Duration report(ReplicaSet set, List<Pod> active, @Nullable KubernetesClientException failure) {
        var minReady = Duration.ofSeconds(Objects.orZero(set.getSpec().getMinReadySeconds()));
        var now = cluster.time().now();
        int ready = (int) active.stream().filter(Pods::isReady).count();
        int available = (int) active.stream()
                .filter(pod -> Pods.isAvailable(pod, minReady, now))
                .count();
        var template = set.getSpec().getTemplate().getMetadata();
        int labelled = (int) active.stream()
                .filter(pod -> template == null
                        || template.getLabels() == null
                        || Objects.labels(pod)
                                .entrySet()
                                .containsAll(template.getLabels().entrySet()))
                .count();
        var before = set.getStatus() == null ? new ReplicaSetStatus() : set.getStatus();
        var status = new ReplicaSetStatusBuilder(before)
                .withReplicas(active.size())
                .withFullyLabeledReplicas(labelled)
                .withReadyReplicas(ready)
                .withAvailableReplicas(available)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .removeMatchingFromConditions(condition -> condition.getType().equals("ReplicaFailure"));
        if (failure != null) {
            status.addToConditions(new ReplicaSetConditionBuilder()
                    .withType("ReplicaFailure")
                    .withStatus("True")
                    .withReason("FailedCreate")
                    .withMessage(failure.getMessage())
                    .withLastTransitionTime(failingSince(before))
                    .build());
        }
        var after = status.build();
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(
                    Kinds.REPLICA_SETS, set.edit().withStatus(after).build());
        }
        return ready > available ? Duration.ofSeconds(1) : null;
    }

    private String failingSince(ReplicaSetStatus before) {
        return before.getConditions().stream()
                .filter(condition -> condition.getType().equals("ReplicaFailure"))
                .map(condition -> condition.getLastTransitionTime())
                .findFirst()
                .orElseGet(cluster::timestamp);
    }

    static int wanted(ReplicaSet set) {
        var replicas = set.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }
}
