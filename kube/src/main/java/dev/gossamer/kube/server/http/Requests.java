package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.objects.WriteOptions;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What handlers outside this package read from requests. Immutable. */
public final class Requests {
    private Requests() {}

    public static void requireMethod(Exchange exchange, String... allowed) throws ApiException {
        if (!List.of(allowed).contains(exchange.method())) {
            throw Verbs.notAllowed();
        }
    }

    /** The body: an object, in JSON, YAML or protobuf; the caller's own. */
    public static ObjectNode object(Exchange exchange) throws IOException, ApiException {
        return Bodies.object(exchange).object();
    }

    /** How the write that this request asks for is meant. */
    public static WriteOptions writeOptions(Exchange exchange) throws ApiException {
        return Writes.options(exchange, List.of());
    }

    /** That a request did what it was to do. */
    public static ObjectNode success() {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Success").put("code", 201);
    }
}
