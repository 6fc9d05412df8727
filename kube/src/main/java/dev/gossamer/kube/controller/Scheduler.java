package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives each pod that has no node the one that suits it best: where the fewest pods of the same owner run, then the fewest
 * of all.
 */
final class Scheduler implements Controller {
    private static final String NAME = "default-scheduler";

    private final Cluster cluster;

    Scheduler(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "scheduler";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (object instanceof Pod pod) {
            return isWaiting(pod) ? List.of(Request.of(pod)) : List.of();
        }
        return kind.equals(Kinds.NODES)
                ? cluster.view().listAll(Kinds.PODS).stream()
                        .filter(Scheduler::isWaiting)
                        .map(Request::of)
                        .toList()
                : List.of();
    }

    private static boolean isWaiting(Pod pod) {
        var scheduler = pod.getSpec().getSchedulerName();
        boolean ours = scheduler == null || scheduler.isEmpty() || scheduler.equals(NAME);
        boolean gated = pod.getSpec().getSchedulingGates() != null
                && !pod.getSpec().getSchedulingGates().isEmpty();
        return ours && !gated && !Pods.isAssigned(pod) && Pods.isActive(pod);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var pod = cluster.view().get(Kinds.PODS, request.namespace(), request.name());
        if (pod == null || !isWaiting(pod)) {
            return null;
        }
        var obstacles = new TreeMap<String, Integer>();
        var nodes = cluster.view().listAll(Kinds.NODES);
        var suitable = nodes.stream()
                .filter(node -> {
                    var obstacle = NodeFit.isReady(node)
                            ? NodeFit.obstacle(pod.getSpec(), node, List.of())
                            : "node(s) were not ready";
                    if (obstacle != null) {
                        obstacles.merge(obstacle, 1, Integer::sum);
                    }
                    return obstacle == null;
                })
                .toList();
        if (suitable.isEmpty()) {
            reportStuck(
                    pod,
                    "0/" + nodes.size() + " nodes are available"
                            + obstacles.entrySet().stream()
                                    .map(entry -> entry.getValue() + " " + entry.getKey())
                                    .collect(Collectors.joining(", ", ": ", ".")));
            return null;
        }
        bind(pod, best(pod, suitable));
        return null;
    }

    private Node best(Pod pod, List<Node> nodes) {
        var owner = Objects.controllerOf(pod);
        var all = cluster.view().listAll(Kinds.PODS).stream()
                .filter(other -> Pods.isActive(other) && Pods.isAssigned(other))
                .toList();
        var perNode = all.stream().collect(Collectors.groupingBy(Scheduler::node, Collectors.counting()));
        var siblings = all.stream()
                .filter(other -> {
                    var theirs = Objects.controllerOf(other);
                    return owner != null && theirs != null && owner.getUid().equals(theirs.getUid());
                })
                .collect(Collectors.groupingBy(Scheduler::node, Collectors.counting()));
        return nodes.stream()
                .min(Comparator.<Node>comparingLong(
                                node -> siblings.getOrDefault(node.getMetadata().getName(), 0L))
                        .thenComparingLong(
                                node -> perNode.getOrDefault(node.getMetadata().getName(), 0L))
                        .thenComparing(node -> node.getMetadata().getName()))
                .orElseThrow();
    }

    private static String node(Pod pod) {
        var name = Pods.nodeName(pod);
        return name == null ? "" : name;
    }

    private void bind(Pod pod, Node node) {
        var metadata = pod.getMetadata();
        var binding = new BindingBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node.getMetadata().getName())
                .endTarget()
                .build();
        cluster.client()
                .raw(
                        "/api/v1/namespaces/" + metadata.getNamespace() + "/pods/" + metadata.getName() + "/binding",
                        "POST",
                        binding);
        // The answer is no pod, so the view learns of it here: the next pod is to count this one.
        cluster.view()
                .written(
                        Kinds.PODS,
                        pod.edit()
                                .editSpec()
                                .withNodeName(node.getMetadata().getName())
                                .endSpec()
                                .build());
    }

    private void reportStuck(Pod pod, String message) {
        var known = Pods.condition(pod, "PodScheduled");
        if (known != null && "Unschedulable".equals(known.getReason()) && message.equals(known.getMessage())) {
            return;
        }
        var condition = new PodConditionBuilder()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(message)
                .withLastTransitionTime(cluster.timestamp())
                .build();
        cluster.updateStatus(
                Kinds.PODS,
                pod.edit()
                        .editOrNewStatus()
                        .withPhase("Pending")
                        .removeMatchingFromConditions(other -> other.getType().equals("PodScheduled"))
                        .addToConditions(condition)
                        .endStatus()
                        .build());
    }
}
