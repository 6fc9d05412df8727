package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatusBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keeps one pod of each DaemonSet on every node that suits it. */
final class DaemonSetController implements Controller {
    static final String REVISION_HASH = "controller-revision-hash";
    private static final Duration FAILED_POD_REST = Duration.ofSeconds(5);

    private final Cluster cluster;

    DaemonSetController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "daemonset";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.DAEMON_SETS)) {
            return List.of(Request.of(object));
        }
        if (kind.equals(Kinds.NODES)) {
            return cluster.view().listAll(Kinds.DAEMON_SETS).stream()
                    .map(Request::of)
                    .toList();
        }
        var owner = kind.equals(Kinds.PODS) ? Request.ownerOf(object, "DaemonSet") : null;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var set = cluster.view().get(Kinds.DAEMON_SETS, request.namespace(), request.name());
        if (set == null || Objects.isBeingDeleted(set)) {
            return null;
        }
        var hash = PodTemplates.hash(
                set.getSpec().getTemplate(), 0, cluster.client().getKubernetesSerialization());
        boolean resting = clearFailed(set);
        place(set, hash);
        if (!isOnDelete(set)) {
            replaceOld(set, hash);
        }
        boolean waiting = report(set, hash);
        return resting ? FAILED_POD_REST : waiting ? Duration.ofSeconds(1) : null;
    }

    private static boolean isOnDelete(DaemonSet set) {
        var strategy = set.getSpec().getUpdateStrategy();
        return strategy != null && "OnDelete".equals(strategy.getType());
    }

    /** A failed pod makes room for another, but not at once, lest one that cannot work is made without end. */
    private boolean clearFailed(DaemonSet set) {
        boolean resting = false;
        for (var pod : cluster.view().controlledBy(Kinds.PODS, set)) {
            if (Pods.isFinished(pod) && !Objects.isBeingDeleted(pod)) {
                var rested = Timestamps.parse(pod.getMetadata().getCreationTimestamp())
                        .plus(FAILED_POD_REST)
                        .isBefore(cluster.time().now());
                if (rested) {
                    cluster.delete(Kinds.PODS, pod);
                }
                resting |= !rested;
            }
        }
        return resting;
    }

    private void place(DaemonSet set, String hash) {
        var places = places(set, hash);
        for (var place : places) {
            if (place.all().isEmpty()) {
                create(set, hash, place.node());
            }
            // Of several, the oldest stays.
            place.updated().stream().skip(1).forEach(pod -> cluster.delete(Kinds.PODS, pod));
            place.old().stream().skip(1).forEach(pod -> cluster.delete(Kinds.PODS, pod));
        }
        var suitable = places.stream()
                .map(place -> place.node().getMetadata().getName())
                .collect(Collectors.toSet());
        cluster.view().controlledBy(Kinds.PODS, set).stream()
                .filter(Pods::isActive)
                .filter(pod -> !suitable.contains(Pods.nodeName(pod)))
                .forEach(pod -> cluster.delete(Kinds.PODS, pod));
    }

    private void replaceOld(DaemonSet set, String hash) {
        var places = places(set, hash);
        var strategy = set.getSpec().getUpdateStrategy();
        var rolling = strategy == null ? null : strategy.getRollingUpdate();
        var rollout = Rollout.of(
                places.size(),
                rolling == null ? null : rolling.getMaxSurge(),
                rolling == null ? null : rolling.getMaxUnavailable(),
                "0",
                "1");
        int surging = (int) places.stream()
                .filter(place -> !place.old().isEmpty() && !place.updated().isEmpty())
                .count();
        int unavailable =
                (int) places.stream().filter(place -> !place.isAvailable(set)).count();
        for (var place : places) {
            if (place.old().isEmpty()) {
                continue;
            }
            boolean oldWorks = available(set, place.old().getFirst());
            if (!place.updated().isEmpty()) {
                if (available(set, place.updated().getFirst())) {
                    cluster.delete(Kinds.PODS, place.old().getFirst());
                }
            } else if (rollout.maxSurge() > 0) {
                if (!oldWorks || surging < rollout.maxSurge()) {
                    create(set, hash, place.node());
                    surging++;
                }
            } else if (!oldWorks || unavailable < rollout.maxUnavailable()) {
                cluster.delete(Kinds.PODS, place.old().getFirst());
                unavailable += oldWorks ? 1 : 0;
            }
        }
    }

    /** A node that is to have a pod, and the pods that it has: {@code all} also counts those that are ending. */
    private record Place(DaemonSetController controller, Node node, List<Pod> all, List<Pod> updated, List<Pod> old) {
        boolean isAvailable(DaemonSet set) {
            return updated.stream().anyMatch(pod -> controller.available(set, pod))
                    || old.stream().anyMatch(pod -> controller.available(set, pod));
        }
    }

    private List<Place> places(DaemonSet set, String hash) {
        var pods = cluster.view().controlledBy(Kinds.PODS, set);
        var spec = set.getSpec().getTemplate().getSpec();
        var places = new ArrayList<Place>();
        var nodes = cluster.view().listAll(Kinds.NODES).stream()
                .sorted(Comparator.comparing(node -> node.getMetadata().getName()))
                .toList();
        for (var node : nodes) {
            if (Objects.isBeingDeleted(node) || NodeFit.obstacle(spec, node, NodeFit.OF_DAEMONS) != null) {
                continue;
            }
            var here = pods.stream()
                    .filter(pod -> node.getMetadata().getName().equals(Pods.nodeName(pod)))
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                    .sorted(Comparator.comparing(
                            pod -> Timestamps.parse(pod.getMetadata().getCreationTimestamp())))
                    .toList();
            var active = here.stream().filter(Pods::isActive).toList();
            var updated = active.stream()
                    .filter(pod -> PodTemplates.hasLabel(pod, REVISION_HASH, hash))
                    .toList();
            var old = active.stream().filter(pod -> !updated.contains(pod)).toList();
            places.add(new Place(this, node, here, updated, old));
        }
        return places;
    }

    private void create(DaemonSet set, String hash, Node node) {
        var pod = PodTemplates.podOf(set.getSpec().getTemplate(), set)
                .editMetadata()
                .addToLabels(REVISION_HASH, hash)
                .endMetadata()
                .editSpec()
                // The set knows where its pod belongs, so the scheduler is not asked.
                .withNodeName(node.getMetadata().getName())
                .addAllToTolerations(NodeFit.OF_DAEMONS)
                .endSpec()
                .build();
        cluster.create(Kinds.PODS, pod);
    }

    private boolean available(DaemonSet set, Pod pod) {
        return Pods.isAvailable(
                pod,
                Duration.ofSeconds(Objects.orZero(set.getSpec().getMinReadySeconds())),
                cluster.time().now());
    }

    /** Returns whether a pod is ready, but not yet for long enough. */
    private boolean report(DaemonSet set, String hash) {
        var places = places(set, hash);
        int suitable = places.size();
        int present = (int) places.stream()
                .filter(place -> !place.updated().isEmpty() || !place.old().isEmpty())
                .count();
        int ready = (int) places.stream()
                .filter(place -> place.updated().stream().anyMatch(Pods::isReady)
                        || place.old().stream().anyMatch(Pods::isReady))
                .count();
        int available =
                (int) places.stream().filter(place -> place.isAvailable(set)).count();
        int updated = (int)
                places.stream().filter(place -> !place.updated().isEmpty()).count();
        var here = places.stream()
                .map(place -> place.node().getMetadata().getName())
                .collect(Collectors.toSet());
        int misplaced = (int) cluster.view().controlledBy(Kinds.PODS, set).stream()
                .filter(pod -> !Pods.isFinished(pod) && !here.contains(Pods.nodeName(pod)))
                .count();
        var before = set.getStatus() == null ? new DaemonSetStatus() : set.getStatus();
        var after = new DaemonSetStatusBuilder(before)
                .withDesiredNumberScheduled(suitable)
                .withCurrentNumberScheduled(present)
                .withNumberReady(ready)
                .withNumberAvailable(available)
                .withNumberUnavailable(suitable - available)
                .withUpdatedNumberScheduled(updated)
                .withNumberMisscheduled(misplaced)
                .withObservedGeneration(set.getMetadata().getGeneration())
                .build();
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(Kinds.DAEMON_SETS, set.edit().withStatus(after).build());
        }
        return ready > available;
    }
}
