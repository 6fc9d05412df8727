package dev.gossamer.kube.server;

import static java.util.Objects.requireNonNull;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.objects.WriteOptions;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What every cluster has from the first moment. Immutable. */
final class Bootstrap {
    private static final WriteOptions OPTIONS = WriteOptions.ofServer("kube-apiserver");

    private Bootstrap() {}

    /** Creates what is missing; what a user changed stays. */
    static void fill(Catalog catalog, Objects objects, String serviceAddress) throws IOException {
        for (var name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            create(catalog, objects, "", "namespaces", "", named(name));
        }
        create(catalog, objects, "", "services", "default", kubernetesService(serviceAddress));
        for (var definition : roles()) {
            boolean binding = definition.has("roleRef");
            var plural = binding ? "clusterrolebindings" : "clusterroles";
            create(catalog, objects, "rbac.authorization.k8s.io", plural, "", definition);
        }
    }

    private static ObjectNode named(String name) {
        var object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static ObjectNode kubernetesService(String address) {
        var service = named("kubernetes");
        Json.ensureObject(service, "metadata")
                .putObject("labels")
                .put("component", "apiserver")
                .put("provider", "kubernetes");
        var spec = service.putObject("spec").put("clusterIP", address).put("type", "ClusterIP");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", 443)
                .put("protocol", "TCP")
                .put("targetPort", 6443);
        return service;
    }

    /** The roles that every cluster has, and who has them: {@code roles.yaml}. */
    private static List<ObjectNode> roles() throws IOException {
        try (var in = requireNonNull(Bootstrap.class.getResourceAsStream("roles.yaml"))) {
            var roles = new ArrayList<ObjectNode>();
            for (var role : JsonReader.yaml(in.readAllBytes()).root()) {
                if (role instanceof ObjectNode object) {
                    roles.add(object);
                }
            }
            return roles;
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("roles.yaml is damaged", e);
        }
    }

    private static void create(
            Catalog catalog, Objects objects, String group, String plural, String namespace, ObjectNode object)
            throws IOException {
        var resource = catalog.find(group, plural);
        if (resource == null) {
            throw new IllegalStateException("no built-in kind " + plural);
        }
        try {
            if (!exists(objects, resource, namespace, Json.text(object, "metadata", "name"))) {
                objects.create(resource, namespace, object, OPTIONS);
            }
        } catch (ApiException e) {
            throw new IOException("the API server's own objects could not be created: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Objects objects, Resource resource, String namespace, String name)
            throws ApiException {
        try {
            objects.get(resource, namespace, name);
            return true;
        } catch (ApiException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
