package dev.gossamer.kube.server.resource;

import dev.gossamer.kube.schema.CompiledSchema;
import dev.gossamer.kube.schema.InvalidSchemaException;
import dev.gossamer.kube.schema.kinds.ResourceKind;
import dev.gossamer.kube.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes custom resource definitions into what is served. Thread-safe: all state is the catalog's. */
public final class Definitions {
    public static final String GROUP = "apiextensions.k8s.io";
    public static final String PLURAL = "customresourcedefinitions";

    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);
    private static final List<String> VERBS =
            List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");

    private final Catalog catalog;

    public Definitions(Catalog catalog) {
        this.catalog = catalog;
    }

    /** A definition is stored: serves what it says from now on. */
    public void defined(ObjectNode definition) {
        var resources = new ArrayList<Resource>();
        for (var version : definition.path("spec").path("versions")) {
            if (Json.isTrue(version, "served")) {
                resources.add(resource(definition, version));
            }
        }
        catalog.define(Json.text(definition, "metadata", "name"), resources);
    }

    /** A definition is gone, and with it its kinds. */
    public void removed(ObjectNode definition) {
        catalog.define(Json.text(definition, "metadata", "name"), List.of());
    }

    private static Resource resource(ObjectNode definition, JsonNode version) {
        var schema = schema(version);
        var name = Json.text(definition, "metadata", "name");
        var custom = new Resource.Custom(name, schema, columns(version), warning(definition, version));
        return new Resource(kind(definition, version), new Compiled(name, schema), custom);
    }

    /** The schema of one of the versions, or one that lets everything pass. */
    public static ObjectNode schema(JsonNode version) {
        var schema = Json.child(version, "schema", "openAPIV3Schema");
        return schema == null
                ? Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true)
                : schema;
    }

    /** Compiles when first asked. Thread-safe. */
    private static final class Compiled implements Supplier<CompiledSchema> {
        private final String definition;
        private final ObjectNode schema;
        private volatile @Nullable CompiledSchema compiled;

        Compiled(String definition, ObjectNode schema) {
            this.definition = definition;
            this.schema = schema;
        }

        @Override
        public CompiledSchema get() {
            var known = compiled;
            if (known == null) {
                known = compile();
                compiled = known;
            }
            return known;
        }

        private CompiledSchema compile() {
            try {
                return CompiledSchema.compile(schema);
            } catch (InvalidSchemaException e) {
                // Checked when it was stored; only an older version of this server can have let it pass.
                LOG.warn("the schema of {} is not used, because it is invalid: {}", definition, e.getMessage());
                throw new IllegalStateException("the schema of " + definition + " is invalid", e);
            }
        }
    }

    private static ResourceKind kind(ObjectNode definition, JsonNode version) {
        var spec = definition.path("spec");
        var names = spec.path("names");
        var kind = Json.text(names, "kind");
        return new ResourceKind(
                Json.text(spec, "group"),
                Json.text(version, "name"),
                new ResourceKind.Names(
                        kind,
                        orElse(Json.text(names, "listKind"), kind + "List"),
                        Json.text(names, "plural"),
                        orElse(Json.text(names, "singular"), kind.toLowerCase(Locale.ROOT)),
                        texts(names.path("shortNames")),
                        texts(names.path("categories"))),
                Json.text(spec, "scope").equals("Namespaced"),
                VERBS,
                subresources(version.path("subresources")));
    }

    private static ResourceKind.Subresources subresources(JsonNode node) {
        var scale = Json.child(node, "scale");
        return new ResourceKind.Subresources(
                node.path("status").isObject(),
                scale == null
                        ? null
                        : new ResourceKind.Scale(
                                Json.text(scale, "specReplicasPath"),
                                Json.text(scale, "statusReplicasPath"),
                                scale.hasNonNull("labelSelectorPath") ? Json.text(scale, "labelSelectorPath") : null),
                List.of());
    }

    private static List<Column> columns(JsonNode version) {
        var columns = new ArrayList<Column>();
        for (var column : version.path("additionalPrinterColumns")) {
            columns.add(new Column(
                    Json.text(column, "name"),
                    Json.text(column, "type"),
                    Json.text(column, "format"),
                    Json.text(column, "description"),
                    (int) Json.number(column, 0, "priority"),
                    Json.text(column, "jsonPath")));
        }
        return columns;
    }

    private static String warning(ObjectNode definition, JsonNode version) {
        if (!Json.isTrue(version, "deprecated")) {
            return "";
        }
        var own = Json.text(version, "deprecationWarning");
        var spec = definition.path("spec");
        return own.isEmpty()
                ? Json.text(spec, "group") + "/" + Json.text(version, "name") + " " + Json.text(spec, "names", "kind")
                        + " is deprecated"
                : own;
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
