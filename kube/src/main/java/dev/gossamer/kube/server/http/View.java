package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Resource;
import dev.gossamer.kube.server.table.Tables;
import dev.gossamer.kube.server.table.Tables.Include;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The form in which a client wants objects: as they are, their metadata only, or as a table. Immutable. */
sealed interface View {
    /** Immutable. */
    record Plain() implements View {}

    /** Immutable. */
    record MetadataOnly() implements View {}

    /** Immutable. */
    record Table(Include include) implements View {}

    /** The first form of the Accept header that is known. */
    static View of(Exchange exchange) throws ApiException {
        var accept = exchange.header(HttpHeader.ACCEPT);
        if (accept.isBlank()) {
            return new Plain();
        }
        for (var part : accept.split(",")) {
            var view = ofPart(exchange, part.replace(" ", "").toLowerCase(Locale.ROOT));
            if (view != null) {
                return view;
            }
        }
        throw ApiException.of(
                Reason.NOT_ACCEPTABLE,
                "only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io,"
                        + " application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
    }

    private static @Nullable View ofPart(Exchange exchange, String part) throws ApiException {
        var parameters = List.of(part.split(";"));
        var type = parameters.getFirst();
        if (!type.equals("application/json") && !type.equals("*/*") && !type.equals("application/*")) {
            return null;
        }
        if (parameters.contains("as=table")) {
            return parameters.contains("v=v1") ? new Table(include(exchange)) : null;
        }
        if (parameters.contains("as=partialobjectmetadata") || parameters.contains("as=partialobjectmetadatalist")) {
            return parameters.contains("v=v1") ? new MetadataOnly() : null;
        }
        return new Plain();
    }

    private static Include include(Exchange exchange) throws ApiException {
        var text = exchange.query("includeObject");
        if (text == null) {
            return Include.METADATA;
        }
        return switch (text) {
            case "None" -> Include.NONE;
            case "Metadata" -> Include.METADATA;
            case "Object" -> Include.OBJECT;
            default -> throw ApiException.badRequest("unrecognized includeObject value: \"" + text + "\"");
        };
    }

    /** One object in this form; {@code columns}: a table says what its columns are. */
    default ObjectNode render(Tables tables, Resource resource, ObjectNode object, boolean columns) {
        return switch (this) {
            case Plain() -> object;
            case MetadataOnly() -> metadataOnly(object);
            case Table(var include) -> {
                var metadata = Json.object();
                metadata.put("resourceVersion", Json.text(object, "metadata", "resourceVersion"));
                yield tables.table(resource, metadata, List.of(object), include, columns);
            }
        };
    }

    static ObjectNode metadataOnly(ObjectNode object) {
        var partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }
}
