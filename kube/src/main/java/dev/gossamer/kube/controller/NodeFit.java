package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a pod may run on a node: node selector, required node affinity, taints. */
final class NodeFit {
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    /** What pods of a DaemonSet put up with: they are part of the node rather than guests on it. */
    static final List<Toleration> OF_DAEMONS = Stream.of(
                    Map.entry("node.kubernetes.io/not-ready", "NoExecute"),
                    Map.entry("node.kubernetes.io/unreachable", "NoExecute"),
                    Map.entry("node.kubernetes.io/disk-pressure", "NoSchedule"),
                    Map.entry("node.kubernetes.io/memory-pressure", "NoSchedule"),
                    Map.entry("node.kubernetes.io/pid-pressure", "NoSchedule"),
                    Map.entry("node.kubernetes.io/network-unavailable", "NoSchedule"),
                    Map.entry("node.kubernetes.io/not-ready", "NoSchedule"),
                    Map.entry("node.kubernetes.io/unreachable", "NoSchedule"),
                    Map.entry(UNSCHEDULABLE, "NoSchedule"))
            .map(taint -> new TolerationBuilder()
                    .withKey(taint.getKey())
                    .withOperator("Exists")
                    .withEffect(taint.getValue())
                    .build())
            .toList();

    private NodeFit() {}

    static boolean isReady(Node node) {
        return node.getStatus() != null
                && node.getStatus().getConditions() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                condition.getType().equals("Ready") && "True".equals(condition.getStatus()));
    }

    /** What speaks against it, as {@code kubectl describe pod} words it; null if nothing does. */
    static @Nullable String obstacle(PodSpec pod, Node node, List<Toleration> additional) {
        var labels = Objects.labels(node);
        var selector = pod.getNodeSelector();
        if (selector != null && !labels.entrySet().containsAll(selector.entrySet()) || !affinityAllows(pod, node)) {
            return "node(s) didn't match Pod's node affinity/selector";
        }
        var tolerations = Stream.concat(pod.getTolerations().stream(), additional.stream())
                .toList();
        for (var taint : taints(node)) {
            boolean repels = "NoSchedule".equals(taint.getEffect()) || "NoExecute".equals(taint.getEffect());
            if (repels && tolerations.stream().noneMatch(toleration -> tolerates(toleration, taint))) {
                return taint.getKey().equals(UNSCHEDULABLE)
                        ? "node(s) were unschedulable"
                        : "node(s) had untolerated taint {" + taint.getKey() + ": "
                                + (taint.getValue() == null ? "" : taint.getValue()) + "}";
            }
        }
        return null;
    }

    private static List<Taint> taints(Node node) {
        if (node.getSpec() == null) {
            return List.of();
        }
        var cordon = Boolean.TRUE.equals(node.getSpec().getUnschedulable())
                ? Stream.of(new Taint("NoSchedule", UNSCHEDULABLE, null, null))
                : Stream.<Taint>of();
        return Stream.concat(node.getSpec().getTaints().stream(), cordon).toList();
    }

    static boolean tolerates(Toleration toleration, Taint taint) {
        var effect = toleration.getEffect();
        if (effect != null && !effect.isEmpty() && !effect.equals(taint.getEffect())) {
            return false;
        }
        var key = toleration.getKey();
        boolean exists = "Exists".equals(toleration.getOperator());
        if (key == null || key.isEmpty()) {
            return exists;
        }
        return key.equals(taint.getKey())
                && (exists || text(toleration.getValue()).equals(text(taint.getValue())));
    }

    private static boolean affinityAllows(PodSpec pod, Node node) {
        var affinity = pod.getAffinity() == null ? null : pod.getAffinity().getNodeAffinity();
        var required = affinity == null ? null : affinity.getRequiredDuringSchedulingIgnoredDuringExecution();
        // Terms are alternatives; the requirements of one hold together.
        return required == null || required.getNodeSelectorTerms().stream().anyMatch(term -> matches(term, node));
    }

    private static boolean matches(NodeSelectorTerm term, Node node) {
        var labels = Objects.labels(node);
        var fields = Map.of("metadata.name", node.getMetadata().getName());
        boolean empty =
                term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty();
        return !empty
                && term.getMatchExpressions().stream().allMatch(requirement -> matches(requirement, labels))
                && term.getMatchFields().stream().allMatch(requirement -> matches(requirement, fields));
    }

    static boolean matches(NodeSelectorRequirement requirement, Map<String, String> values) {
        var value = values.get(requirement.getKey());
        var wanted = requirement.getValues();
        return switch (requirement.getOperator()) {
            case "In" -> value != null && wanted.contains(value);
            case "NotIn" -> value == null || !wanted.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, wanted) > 0;
            case "Lt" -> compare(value, wanted) < 0;
            default -> false;
        };
    }

    /** 0, which satisfies neither Gt nor Lt, if there is no number to compare. */
    private static int compare(@Nullable String value, List<String> wanted) {
        try {
            return value == null || wanted.size() != 1
                    ? 0
                    : Long.compare(Long.parseLong(value), Long.parseLong(wanted.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
