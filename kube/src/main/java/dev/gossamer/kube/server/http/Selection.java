package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.select.FieldSelector;
import dev.gossamer.kube.server.select.LabelSelector;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Which objects of a collection a request is about. Immutable. */
record Selection(String namespace, String name, LabelSelector labels, FieldSelector fields) {
    /** Beside metadata.name and metadata.namespace. */
    private static final Map<String, List<String>> FIELDS = Map.of(
            "/pods",
            List.of(
                    "spec.nodeName",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "spec.serviceAccountName",
                    "spec.hostNetwork",
                    "status.phase",
                    "status.podIP",
                    "status.nominatedNodeName"),
            "/events",
            List.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type"),
            "/namespaces",
            List.of("status.phase"),
            "/nodes",
            List.of("spec.unschedulable"),
            "/services",
            List.of("spec.clusterIP", "spec.type"),
            "/secrets",
            List.of("type"),
            "apps/replicasets",
            List.of("status.replicas"),
            "batch/jobs",
            List.of("status.successful"));

    /** {@code name}: a watch of one object by its address. */
    static Selection of(Exchange exchange, Resource resource, String namespace, String name) throws ApiException {
        return new Selection(
                namespace,
                name,
                LabelSelector.parse(exchange.query("labelSelector")),
                FieldSelector.parse(
                        exchange.query("fieldSelector"), FIELDS.getOrDefault(resource.storage(), List.of())));
    }

    boolean matches(ObjectNode object) {
        return (namespace.isEmpty()
                        || Json.text(object, "metadata", "namespace").equals(namespace))
                && (name.isEmpty() || Json.text(object, "metadata", "name").equals(name))
                && (labels.requirements().isEmpty() || labels.matches(Json.strings(object, "metadata", "labels")))
                && fields.matches(object);
    }
}
