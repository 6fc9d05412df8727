package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import dev.gossamer.kube.server.json.Parsed;
import dev.gossamer.kube.server.protobuf.ProtobufReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.node.ObjectNode;

/** Reads request bodies: JSON, YAML, and protobuf where kubectl sends it. Immutable. */
final class Bodies {
    /** An object, and the fields of it that stood twice. The object is the caller's. */
    record Body(ObjectNode object, List<String> duplicates) {}

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private Bodies() {}

    /** The media type, without parameters. */
    static String mediaType(Exchange exchange) {
        var type = exchange.header(HttpHeader.CONTENT_TYPE);
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** An object in any of the forms. */
    static Body object(Exchange exchange) throws IOException, ApiException {
        var type = mediaType(exchange);
        var bytes = exchange.body();
        return switch (type) {
            case PROTOBUF -> new Body(ProtobufReader.read(bytes), List.of());
            case "application/yaml", "application/x-yaml" -> object(yaml(bytes));
            case "", "application/json" -> object(json(bytes));
            default -> throw unsupported(type, "application/json, application/yaml, " + PROTOBUF);
        };
    }

    /** As {@link #object}; an empty body is an empty object. */
    static ObjectNode optionalObject(Exchange exchange) throws IOException, ApiException {
        if (exchange.request().getLength() == 0) {
            return Json.object();
        }
        var type = mediaType(exchange);
        var bytes = exchange.body();
        if (bytes.length == 0) {
            return Json.object();
        }
        return type.equals(PROTOBUF)
                ? ProtobufReader.read(bytes)
                : object(json(bytes)).object();
    }

    static Parsed json(byte[] bytes) throws ApiException {
        try {
            return JsonReader.json(bytes);
        } catch (MalformedJsonException e) {
            throw malformed(e);
        }
    }

    static Parsed yaml(byte[] bytes) throws ApiException {
        try {
            return JsonReader.yaml(bytes);
        } catch (MalformedJsonException e) {
            throw malformed(e);
        }
    }

    static Body object(Parsed parsed) throws ApiException {
        if (parsed.root() instanceof ObjectNode object) {
            return new Body(object, parsed.duplicates());
        }
        throw ApiException.badRequest("the body of the request is not an object");
    }

    private static ApiException malformed(MalformedJsonException e) {
        return ApiException.badRequest("the body of the request cannot be read: " + e);
    }

    static ApiException unsupported(String type, String accepted) {
        return ApiException.of(
                Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: " + accepted
                        + (type.isEmpty() ? "" : " (it was " + type + ")"));
    }
}
