package dev.gossamer.kube.schema.kinds;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What model classes do not tell: which fields are required, their defaults and limits, how lists are merged, and what
 * a person should know. Read from {@code model-facts.yaml}, whose head explains its notation. Immutable.
 */
final class ModelFacts {
    static final String QUANTITY =
            "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(([KMGTPE]i)|[numkMGTPE]|([eE][+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)))?$";

    /** What is the same in every kind. */
    private static final Map<String, String> USUAL = Map.of(
            "apiVersion", "The group and version in which the object is written.",
            "kind", "The kind of the object.",
            "metadata", "What identifies the object and what is recorded about it.",
            "spec", "What is wanted.",
            "status", "What is, as the controllers see it.",
            "observedGeneration", "The generation of the object that its controller has seen.");

    private final JsonNode byClass;

    private ModelFacts(JsonNode byClass) {
        this.byClass = byClass;
    }

    static ModelFacts load() {
        try (var resource = ModelFacts.class.getResourceAsStream("model-facts.yaml")) {
            if (resource == null) {
                throw new IllegalStateException("model-facts.yaml is not on the class path");
            }
            return new ModelFacts(YAMLMapper.shared().readTree(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all classes that something is said about. */
    Iterable<String> classes() {
        return byClass.propertyNames();
    }

    JsonNode of(String simpleName) {
        return byClass.path(simpleName);
    }

    private JsonNode of(Class<?> model) {
        return byClass.path(model.getSimpleName());
    }

    void describe(Class<?> model, ObjectNode schema) {
        var text = of(model).path("about");
        if (text.isString()) {
            schema.set("description", text);
        }
    }

    /** Adds what is known of a field to its schema; a reference moves into {@code allOf}, to leave room beside it. */
    ObjectNode refine(Class<?> model, String field, ObjectNode schema) {
        var facts = of(model).path(field);
        if (facts.isString()) {
            return describedAs(facts, schema);
        }
        if (!facts.isObject()) {
            String usual = USUAL.get(field);
            return usual == null ? schema : describedAs(JsonNodeFactory.instance.stringNode(usual), schema);
        }
        var refined = beside(schema);
        for (var fact : facts.properties()) {
            switch (fact.getKey()) {
                case "about" -> refined.set("description", fact.getValue());
                case "required" -> {}
                case "merge" -> merge(fact.getValue(), facts, refined);
                case "keys" -> {}
                case "strategy" -> refined.set("x-kubernetes-patch-strategy", fact.getValue());
                case "set" -> refined.put("x-kubernetes-list-type", "set");
                case "of" -> ((ObjectNode) refined.get("items")).setAll((ObjectNode) fact.getValue());
                default -> refined.set(fact.getKey(), fact.getValue());
            }
        }
        return refined;
    }

    private static ObjectNode describedAs(JsonNode text, ObjectNode schema) {
        var described = beside(schema);
        described.set("description", text);
        return described;
    }

    private static ObjectNode beside(ObjectNode schema) {
        if (!schema.has("$ref")) {
            return schema;
        }
        var outer = JsonNodeFactory.instance.objectNode();
        outer.putArray("allOf").add(schema);
        return outer;
    }

    /** {@code merge: name} is a list whose elements are told apart by name, in both kinds of patches. */
    private static void merge(JsonNode key, JsonNode facts, ObjectNode schema) {
        schema.set("x-kubernetes-patch-merge-key", key);
        if (!facts.has("strategy")) {
            schema.put("x-kubernetes-patch-strategy", "merge");
        }
        schema.put("x-kubernetes-list-type", "map");
        var keys = schema.putArray("x-kubernetes-list-map-keys");
        if (facts.get("keys") instanceof ArrayNode several) {
            keys.addAll(several);
        } else {
            keys.add(key);
        }
    }

    /** Adds what is known of the object as a whole. */
    void refineObject(Class<?> model, ObjectNode schema) {
        var required = JsonNodeFactory.instance.arrayNode();
        for (var field : of(model).properties()) {
            if (field.getValue().path("required").asBoolean(false)) {
                required.add(field.getKey());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (of(model).path("atomic").asBoolean(false)) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
    }
}
