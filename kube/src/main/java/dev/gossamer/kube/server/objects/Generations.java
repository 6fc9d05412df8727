package dev.gossamer.kube.server.objects;

import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Resource;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code metadata.generation}: counts the changes of what is wanted, not of what is. Immutable. */
final class Generations {
    /** Built-in kinds that count; custom ones all do. */
    private static final Set<String> COUNTED = Set.of(
            "apps/deployments",
            "apps/replicasets",
            "apps/daemonsets",
            "apps/statefulsets",
            "batch/jobs",
            "batch/cronjobs",
            "networking.k8s.io/ingresses",
            "networking.k8s.io/networkpolicies",
            "policy/poddisruptionbudgets",
            "apiextensions.k8s.io/customresourcedefinitions",
            "discovery.k8s.io/endpointslices",
            "admissionregistration.k8s.io/mutatingwebhookconfigurations",
            "admissionregistration.k8s.io/validatingwebhookconfigurations");

    private Generations() {}

    static boolean counted(Resource resource) {
        return resource.custom() != null || COUNTED.contains(resource.storage());
    }

    static void begin(Resource resource, ObjectNode object) {
        var metadata = Json.ensureObject(object, "metadata");
        if (counted(resource)) {
            metadata.put("generation", 1);
        } else {
            metadata.remove("generation");
        }
    }

    static void count(Resource resource, ObjectNode before, ObjectNode after) {
        if (counted(resource) && !Json.same(wanted(resource, before), wanted(resource, after))) {
            bump(resource, after);
        }
    }

    static void bump(Resource resource, ObjectNode object) {
        if (counted(resource)) {
            var metadata = Json.ensureObject(object, "metadata");
            metadata.put("generation", Json.number(metadata, 0, "generation") + 1);
        }
    }

    private static ObjectNode wanted(Resource resource, ObjectNode object) {
        var wanted = Json.object();
        for (var field : object.properties()) {
            var name = field.getKey();
            boolean counts = !name.equals("metadata")
                    && !name.equals("apiVersion")
                    && !(name.equals("status") && (resource.hasStatus() || resource.custom() == null));
            if (counts) {
                wanted.set(name, field.getValue());
            }
        }
        return wanted;
    }
}
