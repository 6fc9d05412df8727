package dev.gossamer.kube.server;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Which pod and container a log, command or port is wanted of. Immutable. */
final class PodTarget {
    private PodTarget() {}

    static PodRef of(ObjectNode pod) {
        return new PodRef(
                Json.text(pod, "metadata", "namespace"),
                Json.text(pod, "metadata", "name"),
                Json.text(pod, "metadata", "uid"),
                Json.text(pod, "spec", "nodeName"));
    }

    /** The container asked for, or the only one there is, or the one that the pod says is meant. */
    static String container(ObjectNode pod, @Nullable String asked) throws ApiException {
        var containers = names(pod, "containers");
        var inits = names(pod, "initContainers");
        var name = Json.text(pod, "metadata", "name");
        if (asked != null) {
            if (!containers.contains(asked)
                    && !inits.contains(asked)
                    && !names(pod, "ephemeralContainers").contains(asked)) {
                throw ApiException.badRequest("container " + asked + " is not valid for pod " + name);
            }
            return asked;
        }
        var annotated = Json.text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
        if (containers.contains(annotated)) {
            return annotated;
        }
        if (containers.size() == 1) {
            return containers.getFirst();
        }
        throw ApiException.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                + String.join(" ", containers) + "]"
                + (inits.isEmpty() ? "" : " or one of the init containers: [" + String.join(" ", inits) + "]"));
    }

    private static List<String> names(ObjectNode pod, String field) {
        var names = new ArrayList<String>();
        Json.at(pod, "spec", field).forEach(container -> names.add(Json.text(container, "name")));
        return names;
    }

    static ApiException failure(Resource pods, String name, PodAccessException failure) {
        var message = failure.getMessage() == null ? failure.kind().toString() : failure.getMessage();
        return switch (failure.kind()) {
            case REFUSED -> ApiException.about(pods.subject(name), Reason.BAD_REQUEST, message);
            case NOT_FOUND -> ApiException.about(pods.subject(name), Reason.NOT_FOUND, message);
            case FAILED -> ApiException.internal(message);
        };
    }
}
