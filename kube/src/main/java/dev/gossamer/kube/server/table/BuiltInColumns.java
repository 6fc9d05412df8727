package dev.gossamer.kube.server.table;

import static dev.gossamer.kube.server.table.PodCells.orNone;

import dev.gossamer.kube.server.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns of built-in kinds, as a real server prints them. Immutable. */
final class BuiltInColumns {
    private static final Cell CONTAINERS =
            Cell.wide("Containers", "Names of the containers.", object -> containers(object, "name"));
    private static final Cell IMAGES =
            Cell.wide("Images", "Images of the containers.", object -> containers(object, "image"));
    private static final Cell SELECTOR = Cell.wide(
            "Selector", "The pods that belong to it.", object -> selector(Json.at(object, "spec", "selector")));

    private static final Map<String, List<Cell>> ALL = Map.ofEntries(
            Map.entry("/pods", PodCells.CELLS),
            Map.entry("/services", ServiceCells.SERVICES),
            Map.entry("/endpoints", ServiceCells.ENDPOINTS),
            Map.entry("discovery.k8s.io/endpointslices", ServiceCells.SLICES),
            Map.entry("networking.k8s.io/ingresses", ServiceCells.INGRESSES),
            Map.entry(
                    "/namespaces",
                    List.of(
                            Cell.NAME,
                            Cell.of("Status", "The phase.", object -> Json.text(object, "status", "phase")),
                            Cell.AGE)),
            Map.entry("/nodes", NodeCells.CELLS),
            Map.entry(
                    "/configmaps",
                    List.of(Cell.NAME, Cell.number("Data", "How many keys.", BuiltInColumns::data), Cell.AGE)),
            Map.entry(
                    "/secrets",
                    List.of(
                            Cell.NAME,
                            Cell.of("Type", "What kind of secret.", object -> Json.text(object, "type")),
                            Cell.number("Data", "How many keys.", BuiltInColumns::data),
                            Cell.AGE)),
            Map.entry(
                    "/serviceaccounts",
                    List.of(
                            Cell.NAME,
                            Cell.number("Secrets", "How many secrets.", object ->
                                    (long) object.path("secrets").size()),
                            Cell.AGE)),
            Map.entry("/events", EventCells.CELLS),
            Map.entry("events.k8s.io/events", EventCells.CELLS),
            Map.entry(
                    "apps/deployments",
                    List.of(
                            Cell.NAME,
                            Cell.of(
                                    "Ready",
                                    "The ready pods, of those wanted.",
                                    object -> count(object, "readyReplicas") + "/"
                                            + Json.number(object, 0, "spec", "replicas")),
                            Cell.number("Up-to-date", "Pods of the newest template.", status("updatedReplicas")),
                            Cell.number(
                                    "Available", "Pods that have been ready long enough.", status("availableReplicas")),
                            Cell.AGE,
                            CONTAINERS,
                            IMAGES,
                            SELECTOR)),
            Map.entry(
                    "apps/replicasets",
                    List.of(
                            Cell.NAME,
                            Cell.number(
                                    "Desired", "Pods wanted.", object -> Json.number(object, 0, "spec", "replicas")),
                            Cell.number("Current", "Pods there are.", status("replicas")),
                            Cell.number("Ready", "Pods that are ready.", status("readyReplicas")),
                            Cell.AGE,
                            CONTAINERS,
                            IMAGES,
                            SELECTOR)),
            Map.entry(
                    "apps/daemonsets",
                    List.of(
                            Cell.NAME,
                            Cell.number("Desired", "Nodes that should run it.", status("desiredNumberScheduled")),
                            Cell.number("Current", "Nodes that run it.", status("currentNumberScheduled")),
                            Cell.number("Ready", "Nodes on which it is ready.", status("numberReady")),
                            Cell.number(
                                    "Up-to-date", "Nodes with the newest template.", status("updatedNumberScheduled")),
                            Cell.number(
                                    "Available",
                                    "Nodes on which it has been ready long enough.",
                                    status("numberAvailable")),
                            Cell.of(
                                    "Node Selector",
                                    "The nodes that should run it.",
                                    object -> map(Json.at(object, "spec", "template", "spec", "nodeSelector"))),
                            Cell.AGE,
                            CONTAINERS,
                            IMAGES,
                            SELECTOR)),
            Map.entry(
                    "apps/statefulsets",
                    List.of(
                            Cell.NAME,
                            Cell.of(
                                    "Ready",
                                    "The ready pods, of those wanted.",
                                    object -> count(object, "readyReplicas") + "/"
                                            + Json.number(object, 0, "spec", "replicas")),
                            Cell.AGE,
                            CONTAINERS,
                            IMAGES)),
            Map.entry(
                    "batch/jobs",
                    List.of(
                            Cell.NAME,
                            Cell.of("Status", "What the job does.", BuiltInColumns::jobStatus),
                            Cell.of("Completions", "Pods done, of those wanted.", BuiltInColumns::completions),
                            Cell.timed(
                                    "Duration",
                                    "From start to end.",
                                    0,
                                    (object, now) -> Cell.text(jobDuration(object, now))),
                            Cell.AGE,
                            CONTAINERS,
                            IMAGES,
                            SELECTOR)),
            Map.entry("rbac.authorization.k8s.io/roles", createdAt()),
            Map.entry("rbac.authorization.k8s.io/clusterroles", createdAt()),
            Map.entry("rbac.authorization.k8s.io/rolebindings", bindings()),
            Map.entry("rbac.authorization.k8s.io/clusterrolebindings", bindings()),
            Map.entry("apiextensions.k8s.io/customresourcedefinitions", createdAt()),
            Map.entry(
                    "networking.k8s.io/networkpolicies",
                    List.of(
                            Cell.NAME,
                            Cell.of(
                                    "Pod-Selector",
                                    "The pods it is about.",
                                    object -> selector(Json.at(object, "spec", "podSelector"))),
                            Cell.AGE)),
            Map.entry(
                    "coordination.k8s.io/leases",
                    List.of(
                            Cell.NAME,
                            Cell.of("Holder", "Who holds it.", object -> Json.text(object, "spec", "holderIdentity")),
                            Cell.AGE)));

    private BuiltInColumns() {}

    /** Null where a kind has only name and age. */
    static @Nullable List<Cell> of(String storage) {
        return ALL.get(storage);
    }

    private static List<Cell> createdAt() {
        return List.of(
                Cell.NAME,
                Cell.of(
                        "Created At",
                        "When it was created.",
                        object -> Json.text(object, "metadata", "creationTimestamp")));
    }

    private static List<Cell> bindings() {
        return List.of(
                Cell.NAME,
                Cell.of(
                        "Role",
                        "What is granted.",
                        object -> Json.text(object, "roleRef", "kind") + "/" + Json.text(object, "roleRef", "name")),
                Cell.AGE,
                Cell.wide("Users", "To which users.", object -> subjects(object, "User")),
                Cell.wide("Groups", "To which groups.", object -> subjects(object, "Group")),
                Cell.wide(
                        "ServiceAccounts", "To which service accounts.", object -> subjects(object, "ServiceAccount")));
    }

    private static String subjects(ObjectNode binding, String kind) {
        var names = new ArrayList<String>();
        for (var subject : binding.path("subjects")) {
            if (Json.text(subject, "kind").equals(kind)) {
                var namespace = Json.text(subject, "namespace");
                names.add((namespace.isEmpty() ? "" : namespace + "/") + Json.text(subject, "name"));
            }
        }
        return String.join(", ", names);
    }

    private static long data(ObjectNode object) {
        return object.path("data").size() + object.path("binaryData").size();
    }

    private static Function<ObjectNode, Long> status(String field) {
        return object -> count(object, field);
    }

    private static long count(ObjectNode object, String field) {
        return Json.number(object, 0, "status", field);
    }

    private static String containers(ObjectNode object, String field) {
        var values = new ArrayList<String>();
        for (var container : Json.at(object, "spec", "template", "spec", "containers")) {
            values.add(Json.text(container, field));
        }
        return String.join(",", values);
    }

    private static String jobStatus(ObjectNode job) {
        for (var condition : Json.at(job, "status", "conditions")) {
            var type = Json.text(condition, "type");
            if (Json.text(condition, "status").equals("True")) {
                switch (type) {
                    case "Complete", "Failed", "Suspended" -> {
                        return type;
                    }
                    case "FailureTarget" -> {
                        return "FailureTarget";
                    }
                    case "SuccessCriteriaMet" -> {
                        return "SuccessCriteriaMet";
                    }
                    default -> {}
                }
            }
        }
        return job.path("metadata").hasNonNull("deletionTimestamp") ? "Terminating" : "Running";
    }

    private static String completions(ObjectNode job) {
        long done = count(job, "succeeded");
        if (Json.at(job, "spec").hasNonNull("completions")) {
            return done + "/" + Json.number(job, 0, "spec", "completions");
        }
        long parallelism = Json.number(job, 0, "spec", "parallelism");
        return parallelism > 1 ? done + "/1 of " + parallelism : done + "/1";
    }

    private static String jobDuration(ObjectNode job, Instant now) {
        var start = Json.text(job, "status", "startTime");
        if (start.isEmpty()) {
            return "";
        }
        var end = Json.text(job, "status", "completionTime");
        var until = end.isEmpty() ? now : OffsetDateTime.parse(end).toInstant();
        return Ages.text(Duration.between(OffsetDateTime.parse(start).toInstant(), until));
    }

    /** {@code a=b,c=d}. */
    static String map(JsonNode labels) {
        return orNone(labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asString(""))
                .collect(Collectors.joining(",")));
    }

    private static String selector(JsonNode selector) {
        var parts = new ArrayList<String>();
        selector.path("matchLabels")
                .properties()
                .forEach(label ->
                        parts.add(label.getKey() + "=" + label.getValue().asString("")));
        for (var expression : selector.path("matchExpressions")) {
            var values = new ArrayList<String>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            var list = String.join(",", values);
            var key = Json.text(expression, "key");
            parts.add(
                    switch (Json.text(expression, "operator")) {
                        case "In" -> key + " in (" + list + ")";
                        case "NotIn" -> key + " notin (" + list + ")";
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    });
        }
        return orNone(String.join(",", parts));
    }
}
