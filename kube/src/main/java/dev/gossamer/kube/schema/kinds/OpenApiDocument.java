package dev.gossamer.kube.schema.kinds;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes the OpenAPI v3 document of one group and version, as {@code kubectl explain} and {@code apply} read it. */
public final class OpenApiDocument {
    private OpenApiDocument() {}

    /** A kind to describe; {@code schema} is its {@code openAPIV3Schema}, or null for a built-in kind. */
    public record Served(ResourceKind kind, @Nullable ObjectNode schema) {}

    /** The document to be served at {@code /openapi/v3/apis/<group>/<version>} ({@code /openapi/v3/api/v1} for core). */
    public static ObjectNode of(String group, String version, List<Served> kinds) {
        throw new IllegalStateException(group + version + kinds);
    }
}
