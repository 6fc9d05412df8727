package dev.gossamer.kube.schema.kinds;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Schemas of model classes: names and types from their fields, everything else from {@link ModelFacts}.
 *
 * <p>A class becomes a component once, and refers to others by {@code $ref}; {@link #expanded} resolves these. Confined to
 * its owner's lock.
 */
final class ModelSchemas {
    private static final String PREFIX = "#/components/schemas/";
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Their own schema contains itself, or their shape on the wire is not that of the class. */
    private static final Set<String> FREE_FORM = Set.of(
            "JSONSchemaProps",
            "JSONSchemaPropsOrArray",
            "JSONSchemaPropsOrBool",
            "JSONSchemaPropsOrStringArray",
            "FieldsV1",
            "RawExtension",
            "AnyType");

    private final ModelFacts facts;
    private final Map<String, Class<?>> classes = new TreeMap<>();
    private final Map<String, ObjectNode> components = new LinkedHashMap<>();
    private final Map<String, ObjectNode> expanded = new LinkedHashMap<>();

    ModelSchemas(ModelFacts facts) {
        this.facts = facts;
    }

    /** The component of a class, with references to others. */
    ObjectNode component(Class<?> model) {
        String name = ComponentNames.of(model);
        var known = components.get(name);
        if (known != null) {
            return known;
        }
        classes.put(name, model);
        var schema = object(model);
        components.put(name, schema);
        return schema;
    }

    /** The schema of a class with all references resolved: what a structural schema has to be. */
    ObjectNode expanded(Class<?> model) {
        return expand(component(model));
    }

    /** Follows references from {@code schema} and puts all components that it needs into {@code into}. */
    void collect(JsonNode schema, ObjectNode into) {
        if (schema.path("$ref").isString()) {
            String name = schema.path("$ref").asString().substring(PREFIX.length());
            if (!into.has(name)) {
                var component = component(referenced(name));
                into.set(name, component);
                collect(component, into);
            }
            return;
        }
        for (var child : schema) {
            collect(child, into);
        }
    }

    private Class<?> referenced(String name) {
        var model = classes.get(name);
        if (model == null) {
            throw new IllegalStateException("a reference to a component that no class gave: " + name);
        }
        return model;
    }

    private ObjectNode expand(ObjectNode schema) {
        var copy = JSON.objectNode();
        for (var entry : schema.properties()) {
            switch (entry.getKey()) {
                case "$ref" -> copy.setAll(expandReference(entry.getValue().asString()));
                // A reference's neighbours stand beside it in allOf, since OpenAPI ignores those right next to it.
                case "allOf" -> copy.setAll(expand((ObjectNode) entry.getValue().get(0)));
                default -> copy.set(entry.getKey(), expandValue(entry.getValue()));
            }
        }
        return copy;
    }

    private JsonNode expandValue(JsonNode value) {
        return value instanceof ObjectNode object ? expand(object) : value;
    }

    private ObjectNode expandReference(String reference) {
        String name = reference.substring(PREFIX.length());
        var known = expanded.get(name);
        if (known == null) {
            var model = referenced(name);
            if (model == Quantity.class) {
                known = JSON.objectNode().put(PRESERVE, true).put("pattern", ModelFacts.QUANTITY);
            } else if (model == IntOrString.class) {
                known = JSON.objectNode().put("x-kubernetes-int-or-string", true);
            } else {
                known = expand(component(model));
            }
            expanded.put(name, known);
        }
        return known;
    }

    private ObjectNode object(Class<?> model) {
        var schema = JSON.objectNode();
        if (model == Quantity.class) {
            return schema.put("type", "string").put("description", "An amount: 500m, 1, 64Mi.");
        }
        if (model == IntOrString.class) {
            return schema.put("type", "string").put("format", "int-or-string");
        }
        facts.describe(model, schema);
        schema.put("type", "object");
        if (FREE_FORM.contains(model.getSimpleName())) {
            return schema.put(PRESERVE, true);
        }
        var properties = JSON.objectNode();
        for (Field field : model.getDeclaredFields()) {
            var property = field.getAnnotation(JsonProperty.class);
            if (property != null) {
                properties.set(property.value(), facts.refine(model, property.value(), type(field.getGenericType())));
            }
        }
        schema.set("properties", properties);
        facts.refineObject(model, schema);
        return schema;
    }

    private ObjectNode type(Type type) {
        var schema = JSON.objectNode();
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> {
                schema.put("type", "array").set("items", type(list.getActualTypeArguments()[0]));
                yield schema.put("x-kubernetes-list-type", "atomic");
            }
            case ParameterizedType map
            when map.getRawType() == Map.class -> {
                schema.put("type", "object").set("additionalProperties", type(map.getActualTypeArguments()[1]));
                yield schema;
            }
            case Class<?> simple -> simple(simple, schema);
            default -> throw new IllegalStateException("a model has a field of an unexpected type: " + type);
        };
    }

    private ObjectNode simple(Class<?> type, ObjectNode schema) {
        if (type == String.class || type.isEnum()) {
            return schema.put("type", "string");
        } else if (type == Boolean.class) {
            return schema.put("type", "boolean");
        } else if (type == Integer.class) {
            return schema.put("type", "integer").put("format", "int32");
        } else if (type == Long.class) {
            return schema.put("type", "integer").put("format", "int64");
        } else if (type == Double.class) {
            return schema.put("type", "number").put("format", "double");
        } else if (type == ZonedDateTime.class || type.getSimpleName().equals("MicroTime")) {
            return schema.put("type", "string").put("format", "date-time");
        } else if (type == Object.class || JsonNode.class.isAssignableFrom(type) || type.isInterface()) {
            return schema.put(PRESERVE, true);
        }
        classes.putIfAbsent(ComponentNames.of(type), type);
        return schema.put("$ref", PREFIX + ComponentNames.of(type));
    }
}
