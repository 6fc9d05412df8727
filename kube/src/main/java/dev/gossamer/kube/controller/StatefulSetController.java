package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps numbered pods: made from the lowest number up, each ready before the next, removed and replaced from the highest
 * down. Volume claim templates are not served: this cluster has no storage to claim.
 */
final class StatefulSetController implements Controller {
    private static final String HASH = DaemonSetController.REVISION_HASH;

    private final Cluster cluster;

    StatefulSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "statefulset";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.STATEFUL_SETS)) {
            return List.of(Request.of(object));
        }
        var owner = kind.equals(Kinds.PODS) ? Request.ownerOf(object, "StatefulSet") : null;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var set = cluster.view().get(Kinds.STATEFUL_SETS, request.namespace(), request.name());
        if (set == null || Objects.isBeingDeleted(set)) {
            return null;
        }
        var hash = PodTemplates.hash(
                set.getSpec().getTemplate(), 0, cluster.client().getKubernetesSerialization());
        if (step(set, hash)) {
            update(set, hash);
        }
        report(set, hash);
        boolean waiting = pods(set).values().stream().anyMatch(pod -> Pods.isReady(pod) && !available(set, pod));
        return waiting ? Duration.ofSeconds(1) : null;
    }

    private static int wanted(StatefulSet set) {
        var replicas = set.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    private static int first(StatefulSet set) {
        var ordinals = set.getSpec().getOrdinals();
        return ordinals == null ? 0 : Objects.orZero(ordinals.getStart());
    }

    private Map<Integer, Pod> pods(StatefulSet set) {
        var prefix = set.getMetadata().getName() + "-";
        return cluster.view().controlledBy(Kinds.PODS, set).stream()
                .filter(pod -> pod.getMetadata().getName().matches(java.util.regex.Pattern.quote(prefix) + "\\d{1,9}"))
                .collect(Collectors.toMap(
                        pod -> Integer.parseInt(pod.getMetadata().getName().substring(prefix.length())),
                        pod -> pod,
                        (one, _) -> one,
                        TreeMap::new));
    }

    private boolean available(StatefulSet set, Pod pod) {
        return Pods.isActive(pod)
                && Pods.isAvailable(
                        pod,
                        Duration.ofSeconds(Objects.orZero(set.getSpec().getMinReadySeconds())),
                        cluster.time().now());
    }

    /** Makes and removes pods; returns whether all that are wanted are there and no other. */
    private boolean step(StatefulSet set, String hash) {
        boolean ordered = !"Parallel".equals(set.getSpec().getPodManagementPolicy());
        var pods = pods(set);
        int first = first(set);
        int end = first + wanted(set);
        boolean settled = true;
        for (int ordinal = first; ordinal < end; ordinal++) {
            var pod = pods.get(ordinal);
            if (pod == null) {
                create(set, ordinal, hash);
            } else if (Pods.isFinished(pod) && !Objects.isBeingDeleted(pod)) {
                cluster.delete(Kinds.PODS, pod);
            } else if (available(set, pod)) {
                continue;
            }
            settled = false;
            if (ordered) {
                return false;
            }
        }
        var surplus = pods.entrySet().stream()
                .filter(entry -> entry.getKey() < first || entry.getKey() >= end)
                .sorted(Map.Entry.<Integer, Pod>comparingByKey().reversed())
                .map(Map.Entry::getValue)
                .toList();
        for (var pod : surplus) {
            settled = false;
            if (!Objects.isBeingDeleted(pod)) {
                cluster.delete(Kinds.PODS, pod);
            }
            if (ordered) {
                return false;
            }
        }
        return settled;
    }

    private static int partition(StatefulSet set) {
        var strategy = set.getSpec().getUpdateStrategy();
        return strategy == null || strategy.getRollingUpdate() == null
                ? 0
                : Objects.orZero(strategy.getRollingUpdate().getPartition());
    }

    /** Replaces the highest pod that is outdated; the next one follows when its successor is available. */
    private void update(StatefulSet set, String hash) {
        var strategy = set.getSpec().getUpdateStrategy();
        if (strategy != null && "OnDelete".equals(strategy.getType())) {
            return;
        }
        pods(set).entrySet().stream()
                .filter(entry -> entry.getKey() >= partition(set))
                .filter(entry -> !PodTemplates.hasLabel(entry.getValue(), HASH, hash))
                .max(Map.Entry.comparingByKey())
                .ifPresent(entry -> cluster.delete(Kinds.PODS, entry.getValue()));
    }

    private void create(StatefulSet set, int ordinal, String hash) {
        var name = set.getMetadata().getName() + "-" + ordinal;
        cluster.create(
                Kinds.PODS,
                PodTemplates.podOf(set.getSpec().getTemplate(), set)
                        .editMetadata()
                        .withGenerateName(null)
                        .withName(name)
                        .addToLabels(HASH, hash)
                        .addToLabels("statefulset.kubernetes.io/pod-name", name)
                        .addToLabels("apps.kubernetes.io/pod-index", String.valueOf(ordinal))
                        .endMetadata()
                        .editSpec()
                        .withHostname(name)
                        .withSubdomain(set.getSpec().getServiceName())
                        .endSpec()
                        .build());
    }

    private void report(StatefulSet set, String hash) {
        List<Pod> pods = pods(set).values().stream()
                .filter(Pods::isActive)
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
        int updated = (int) pods.stream()
                .filter(pod -> PodTemplates.hasLabel(pod, HASH, hash))
                .count();
        int ready = (int) pods.stream().filter(Pods::isReady).count();
        int available = (int) pods.stream().filter(pod -> available(set, pod)).count();
        var before = set.getStatus() == null ? new StatefulSetStatus() : set.getStatus();
        var revision = set.getMetadata().getName() + "-" + hash;
        boolean done = updated == wanted(set) && pods.size() == updated && ready == updated;
        var current = done || before.getCurrentRevision() == null ? revision : before.getCurrentRevision();
        var after = new StatefulSetStatusBuilder(before)
                .withReplicas(pods.size())
                .withReadyReplicas(ready)
                .withAvailableReplicas(available)
                .withUpdatedReplicas(updated)
                .withCurrentReplicas(current.equals(revision) ? updated : pods.size() - updated)
                .withCurrentRevision(current)
                .withUpdateRevision(revision)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .build();
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(
                    Kinds.STATEFUL_SETS, set.edit().withStatus(after).build());
        }
    }
}
