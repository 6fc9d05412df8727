package dev.gossamer.kube.server.table;

import static dev.gossamer.kube.server.table.PodCells.orNone;

import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/** The columns of nodes. Immutable. */
final class NodeCells {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    static final List<Cell> CELLS = List.of(
            Cell.NAME,
            Cell.of("Status", "Whether the node can run pods.", NodeCells::status),
            Cell.of("Roles", "What the node is for.", NodeCells::roles),
            Cell.AGE,
            Cell.of("Version", "Version of its kubelet.", node -> info(node, "kubeletVersion")),
            Cell.wide("Internal-IP", "Its address in the cluster.", node -> address(node, "InternalIP")),
            Cell.wide("External-IP", "Its address from outside.", node -> address(node, "ExternalIP")),
            Cell.wide("OS-Image", "Its operating system.", node -> orUnknown(info(node, "osImage"))),
            Cell.wide("Kernel-Version", "Its kernel.", node -> orUnknown(info(node, "kernelVersion"))),
            Cell.wide(
                    "Container-Runtime",
                    "What runs its containers.",
                    node -> orUnknown(info(node, "containerRuntimeVersion"))));

    private NodeCells() {}

    private static String status(ObjectNode node) {
        var parts = new ArrayList<String>();
        for (var condition : Json.at(node, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Ready")) {
                parts.add(Json.text(condition, "status").equals("True") ? "Ready" : "NotReady");
            }
        }
        if (parts.isEmpty()) {
            parts.add("Unknown");
        }
        if (Json.isTrue(node, "spec", "unschedulable")) {
            parts.add("SchedulingDisabled");
        }
        return String.join(",", parts);
    }

    private static String roles(ObjectNode node) {
        var roles = new TreeSet<String>();
        Json.strings(node, "metadata", "labels").forEach((key, value) -> {
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals("kubernetes.io/role") && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return orNone(String.join(",", roles));
    }

    private static String info(ObjectNode node, String field) {
        return Json.text(node, "status", "nodeInfo", field);
    }

    private static String address(ObjectNode node, String type) {
        for (var address : Json.at(node, "status", "addresses")) {
            if (Json.text(address, "type").equals(type)) {
                return Json.text(address, "address");
            }
        }
        return "<none>";
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? "<unknown>" : text;
    }
}
