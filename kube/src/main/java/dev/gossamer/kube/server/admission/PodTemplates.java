package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.json.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of pods that depend on other fields. Immutable. */
final class PodTemplates {
    private PodTemplates() {}

    static void complete(ObjectNode podSpec) {
        for (var list : List.of("containers", "initContainers")) {
            for (var container : podSpec.path(list)) {
                if (container instanceof ObjectNode object && object.has("image")) {
                    Json.putIfAbsent(object, "imagePullPolicy", pullPolicy(Json.text(object, "image")));
                    completeResources(object);
                }
            }
        }
        if (podSpec.hasNonNull("serviceAccountName")) {
            Json.putIfAbsent(podSpec, "serviceAccount", Json.text(podSpec, "serviceAccountName"));
        }
        if (Json.isTrue(podSpec, "hostNetwork")) {
            hostPorts(podSpec);
        }
    }

    /** The newest image may be another one the next time; a fixed one stays the same. */
    private static String pullPolicy(String image) {
        var name = image.substring(image.lastIndexOf('/') + 1);
        if (name.contains("@")) {
            return "IfNotPresent";
        }
        int colon = name.indexOf(':');
        return colon < 0 || name.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    /** What has a limit and no request requests its limit. */
    private static void completeResources(ObjectNode container) {
        if (Json.child(container, "resources", "limits") instanceof ObjectNode limits) {
            var requests = Json.ensureObject(Json.ensureObject(container, "resources"), "requests");
            for (var limit : limits.properties()) {
                if (!requests.hasNonNull(limit.getKey())) {
                    requests.set(limit.getKey(), limit.getValue());
                }
            }
        }
    }

    private static void hostPorts(ObjectNode podSpec) {
        for (var container : podSpec.path("containers")) {
            for (var port : container.path("ports")) {
                if (port instanceof ObjectNode object && !object.hasNonNull("hostPort")) {
                    object.set("hostPort", object.path("containerPort"));
                }
            }
        }
    }
}
