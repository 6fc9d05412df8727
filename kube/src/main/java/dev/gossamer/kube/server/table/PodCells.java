package dev.gossamer.kube.server.table;

import dev.gossamer.kube.server.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The columns of pods. Immutable. */
final class PodCells {
    static final List<Cell> CELLS = List.of(
            Cell.NAME,
            Cell.of("Ready", "The ready containers, of all.", PodCells::ready),
            Cell.of("Status", "What the pod does.", PodCells::status),
            Cell.timed(
                    "Restarts",
                    "How often containers were started again.",
                    0,
                    (pod, now) -> Cell.text(restarts(pod, now))),
            Cell.AGE,
            Cell.wide("IP", "The pod's address.", pod -> orNone(Json.text(pod, "status", "podIP"))),
            Cell.wide("Node", "Where the pod runs.", pod -> orNone(Json.text(pod, "spec", "nodeName"))),
            Cell.wide(
                    "Nominated Node",
                    "Where the pod will run once others made room.",
                    pod -> orNone(Json.text(pod, "status", "nominatedNodeName"))),
            Cell.wide("Readiness Gates", "Further conditions of readiness.", PodCells::gates));

    private PodCells() {}

    private static String ready(ObjectNode pod) {
        long total = pod.path("spec").path("containers").size();
        long ready = 0;
        for (var container : Json.at(pod, "status", "containerStatuses")) {
            ready += Json.isTrue(container, "ready") ? 1 : 0;
        }
        for (var init : Json.at(pod, "spec", "initContainers")) {
            if (isSidecar(init)) {
                total++;
                ready += isReadyInit(pod, Json.text(init, "name")) ? 1 : 0;
            }
        }
        return ready + "/" + total;
    }

    private static boolean isSidecar(JsonNode init) {
        return Json.text(init, "restartPolicy").equals("Always");
    }

    private static boolean isReadyInit(ObjectNode pod, String name) {
        for (var status : Json.at(pod, "status", "initContainerStatuses")) {
            if (Json.text(status, "name").equals(name)) {
                return Json.isTrue(status, "ready");
            }
        }
        return false;
    }

    static String status(ObjectNode pod) {
        var status = pod.path("status");
        var phase = Json.text(status, "phase");
        var reason = Json.text(status, "reason").isEmpty() ? phase : Json.text(status, "reason");
        for (var condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals("PodScheduled")
                    && Json.text(condition, "reason").equals("SchedulingGated")) {
                reason = "SchedulingGated";
            }
        }
        var initializing = initializing(pod);
        if (!initializing.isEmpty()) {
            reason = initializing;
        } else {
            reason = ofContainers(status, reason);
        }
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            if (Json.text(status, "reason").equals("NodeLost")) {
                return "Unknown";
            }
            return phase.equals("Succeeded") || phase.equals("Failed") ? reason : "Terminating";
        }
        return reason;
    }

    /** What the first init container that is not done does; empty where all are. */
    private static String initializing(ObjectNode pod) {
        var specs = Json.at(pod, "spec", "initContainers");
        int index = -1;
        for (var container : Json.at(pod, "status", "initContainerStatuses")) {
            index++;
            var terminated = Json.at(container, "state", "terminated");
            var waiting = Json.text(container, "state", "waiting", "reason");
            if (terminated.isObject()) {
                if (Json.number(terminated, 0, "exitCode") == 0) {
                    continue;
                }
                return "Init:" + terminationReason(terminated);
            }
            if (isSidecar(specs.path(index)) && Json.isTrue(container, "started")) {
                continue;
            }
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                return "Init:" + waiting;
            }
            return "Init:" + index + "/" + specs.size();
        }
        return "";
    }

    private static String ofContainers(JsonNode status, String start) {
        var reason = start;
        boolean running = false;
        var containers = status.path("containerStatuses");
        for (int i = containers.size() - 1; i >= 0; i--) {
            var container = containers.get(i);
            var waiting = Json.text(container, "state", "waiting", "reason");
            var terminated = Json.at(container, "state", "terminated");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (terminated.isObject()) {
                reason = terminationReason(terminated);
            } else if (Json.isTrue(container, "ready")
                    && Json.at(container, "state", "running").isObject()) {
                running = true;
            }
        }
        if (reason.equals("Completed") && running) {
            return isReady(status) ? "Running" : "NotReady";
        }
        return reason;
    }

    private static boolean isReady(JsonNode status) {
        for (var condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                return Json.text(condition, "status").equals("True");
            }
        }
        return false;
    }

    private static String terminationReason(JsonNode terminated) {
        var reason = Json.text(terminated, "reason");
        if (!reason.isEmpty()) {
            return reason;
        }
        long signal = Json.number(terminated, 0, "signal");
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + Json.number(terminated, 0, "exitCode");
    }

    private static String restarts(ObjectNode pod, Instant now) {
        long count = 0;
        var last = "";
        for (var container : Json.at(pod, "status", "containerStatuses")) {
            count += Json.number(container, 0, "restartCount");
            var finished = Json.text(container, "lastState", "terminated", "finishedAt");
            last = finished.compareTo(last) > 0 ? finished : last;
        }
        if (count == 0 || last.isEmpty()) {
            return Long.toString(count);
        }
        return count + " ("
                + Ages.text(Duration.between(OffsetDateTime.parse(last).toInstant(), now)) + " ago)";
    }

    private static String gates(ObjectNode pod) {
        var gates = Json.at(pod, "spec", "readinessGates");
        if (gates.isEmpty()) {
            return "<none>";
        }
        long met = 0;
        for (var gate : gates) {
            for (var condition : Json.at(pod, "status", "conditions")) {
                boolean same = Json.text(condition, "type").equals(Json.text(gate, "conditionType"));
                met += same && Json.text(condition, "status").equals("True") ? 1 : 0;
            }
        }
        return met + "/" + gates.size();
    }

    static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }
}
