package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.http.Exchange;
import dev.gossamer.kube.server.http.Requests;
import dev.gossamer.kube.server.http.Subresource;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.DeleteOptions;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Small subresources of pods that change them: binding and eviction. Thread-safe: holds no state. */
final class PodSubresources {
    private final Objects objects;
    private final TimeSource time;

    private PodSubresources(Objects objects, TimeSource time) {
        this.objects = objects;
        this.time = time;
    }

    static Map<String, Subresource> all(Objects objects, TimeSource time) {
        var own = new PodSubresources(objects, time);
        var all = new HashMap<String, Subresource>();
        all.put("/pods/binding", own::bind);
        all.put("/pods/eviction", own::evict);
        return all;
    }

    /** A scheduler says where a pod is to run. */
    private void bind(Exchange exchange, Resource pods, String namespace, String name)
            throws IOException, ApiException {
        Requests.requireMethod(exchange, "POST");
        var node = Json.text(Requests.object(exchange), "target", "name");
        if (node.isEmpty()) {
            throw ApiException.badRequest("target.name: Required value: the node to bind the pod to");
        }
        var options = Requests.writeOptions(exchange);
        objects.update(pods, namespace, name, "", pod -> bound(pods, pod, name, node), options);
        objects.update(pods, namespace, name, "status", this::scheduled, options);
        exchange.respond(201, Requests.success());
    }

    private static ObjectNode bound(Resource pods, ObjectNode pod, String name, String node) throws ApiException {
        var spec = Json.ensureObject(pod, "spec");
        var current = Json.text(spec, "nodeName");
        if (!current.isEmpty()) {
            throw ApiException.conflict(
                    pods.subject(name), "pod " + name + " is already assigned to node \"" + current + "\"");
        }
        spec.put("nodeName", node);
        return pod;
    }

    private ObjectNode scheduled(ObjectNode pod) {
        var conditions = Json.ensureArray(Json.ensureObject(pod, "status"), "conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (Json.text(conditions.get(i), "type").equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .put(
                        "lastTransitionTime",
                        time.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return pod;
    }

    private void evict(Exchange exchange, Resource pods, String namespace, String name)
            throws IOException, ApiException {
        Requests.requireMethod(exchange, "POST");
        var eviction = Requests.object(exchange);
        var options = DeleteOptions.parse(eviction.path("deleteOptions"));
        objects.delete(pods, namespace, name, options);
        exchange.respond(201, Requests.success());
    }
}
