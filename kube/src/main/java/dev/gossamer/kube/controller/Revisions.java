package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ReplicaSets of a deployment, as the revisions of its template. What {@code kubectl rollout history} and
 * {@code undo} read. Confined to the deployment controller.
 */
final class Revisions {
    static final String TEMPLATE_HASH = "pod-template-hash";
    static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    private static final String MAX = "deployment.kubernetes.io/max-replicas";
    private static final Kind<ReplicaSet> KIND = Kinds.REPLICA_SETS;

    /** Annotations of the deployment that say nothing of the revision. */
    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            DESIRED,
            MAX,
            "deprecated.deployment.rollback.to");

    private static final int DEFAULT_HISTORY = 10;

    private final Cluster cluster;

    Revisions(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Newest revision first. */
    List<ReplicaSet> of(Deployment deployment) {
        return cluster.view().controlledBy(KIND, deployment).stream()
                .filter(set -> !Objects.isBeingDeleted(set))
                .sorted(Comparator.comparingLong(Revisions::number)
                        .reversed()
                        .thenComparing(set -> set.getMetadata().getName()))
                .toList();
    }

    /** The set that makes pods of the deployment's present template. */
    static @Nullable ReplicaSet current(Deployment deployment, List<ReplicaSet> sets) {
        var wanted = plain(deployment.getSpec().getTemplate());
        return sets.stream()
                .filter(set -> plain(set.getSpec().getTemplate()).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    static long number(ReplicaSet set) {
        try {
            return Long.parseLong(Objects.annotations(set).getOrDefault(REVISION, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Makes the set for a template that has none yet. */
    ReplicaSet create(Deployment deployment, List<ReplicaSet> others, int replicas, Rollout rollout) {
        var template = deployment.getSpec().getTemplate();
        int collisions = deployment.getStatus() == null
                ? 0
                : Objects.orZero(deployment.getStatus().getCollisionCount());
        var serialization = cluster.client().getKubernetesSerialization();
        var hash = PodTemplates.hash(template, collisions, serialization);
        var name = deployment.getMetadata().getName() + "-" + hash;
        if (cluster.view().get(KIND, Objects.namespace(deployment), name) != null) {
            // Someone else's, or of another template with the same hash: the next try takes another name.
            hash = PodTemplates.hash(template, collisions + 1, serialization);
            name = deployment.getMetadata().getName() + "-" + hash;
        }
        var labelled = PodTemplates.withLabel(template, TEMPLATE_HASH, hash);
        var selector = deployment.getSpec().getSelector();
        return cluster.create(
                KIND,
                new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .withName(name)
                        .withLabels(labelled.getMetadata().getLabels())
                        .withAnnotations(annotations(deployment, Map.of(), next(others), rollout))
                        .withOwnerReferences(Objects.controlledBy(deployment))
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .withMinReadySeconds(deployment.getSpec().getMinReadySeconds())
                        .withSelector(selector.edit()
                                .addToMatchLabels(TEMPLATE_HASH, hash)
                                .build())
                        .withTemplate(labelled)
                        .endSpec()
                        .build());
    }

    /** Makes {@code set} the newest revision, which it is not after an undo. */
    ReplicaSet makeNewest(Deployment deployment, ReplicaSet set, List<ReplicaSet> others, Rollout rollout) {
        long revision = Math.max(number(set), next(others));
        var annotations = annotations(deployment, Objects.annotations(set), revision, rollout);
        var minReady = deployment.getSpec().getMinReadySeconds();
        if (annotations.equals(Objects.annotations(set))
                && Objects.orZero(minReady) == Objects.orZero(set.getSpec().getMinReadySeconds())) {
            return set;
        }
        return cluster.update(
                KIND,
                set.edit()
                        .editMetadata()
                        .withAnnotations(annotations)
                        .endMetadata()
                        .editSpec()
                        .withMinReadySeconds(minReady)
                        .endSpec()
                        .build());
    }

    ReplicaSet scale(ReplicaSet set, int replicas) {
        if (ReplicaSetController.wanted(set) == replicas) {
            return set;
        }
        return cluster.update(
                KIND, set.edit().editSpec().withReplicas(replicas).endSpec().build());
    }

    /** Deletes the oldest empty sets beyond what the deployment wants to be able to undo. */
    void forgetOld(Deployment deployment, List<ReplicaSet> old) {
        var limit = deployment.getSpec().getRevisionHistoryLimit();
        old.stream()
                .filter(set -> ReplicaSetController.wanted(set) == 0 && replicas(set) == 0)
                .skip(limit == null ? DEFAULT_HISTORY : limit)
                .forEach(set -> cluster.delete(KIND, set));
    }

    static int replicas(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Objects.orZero(set.getStatus().getReplicas());
    }

    static int ready(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Objects.orZero(set.getStatus().getReadyReplicas());
    }

    static int available(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Objects.orZero(set.getStatus().getAvailableReplicas());
    }

    private static long next(List<ReplicaSet> others) {
        return others.stream().mapToLong(Revisions::number).max().orElse(0) + 1;
    }

    private static Map<String, String> annotations(
            Deployment deployment, Map<String, String> present, long revision, Rollout rollout) {
        var annotations = new HashMap<>(present);
        Objects.annotations(deployment).forEach((key, value) -> {
            if (!NOT_COPIED.contains(key)) {
                annotations.put(key, value);
            }
        });
        annotations.put(REVISION, String.valueOf(revision));
        annotations.put(DESIRED, String.valueOf(rollout.replicas()));
        annotations.put(MAX, String.valueOf(rollout.replicas() + rollout.maxSurge()));
        return annotations;
    }

    private static PodTemplateSpec plain(PodTemplateSpec template) {
        return PodTemplates.withoutLabel(template, TEMPLATE_HASH);
    }
}
