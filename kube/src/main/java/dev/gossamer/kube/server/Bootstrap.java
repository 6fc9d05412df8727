package dev.gossamer.kube.server;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.Objects;
import dev.gossamer.kube.server.objects.WriteOptions;
import dev.gossamer.kube.server.resource.Catalog;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What every cluster has from the first moment. Immutable. */
final class Bootstrap {
    private static final WriteOptions OPTIONS = WriteOptions.ofServer("kube-apiserver");

    private Bootstrap() {}

    /** Creates what is missing; what a user changed stays. */
    static void fill(Catalog catalog, Objects objects) throws IOException {
        for (var name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            var namespace = Json.object();
            namespace.putObject("metadata").put("name", name);
            create(catalog, objects, "", "namespaces", "", namespace);
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
            objects.create(resource, namespace, object, OPTIONS);
        } catch (ApiException e) {
            if (e.reason() != Reason.ALREADY_EXISTS) {
                throw new IOException("the API server's own objects could not be created: " + e.getMessage(), e);
            }
        }
    }
}
