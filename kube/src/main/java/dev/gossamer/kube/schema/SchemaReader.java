package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns an {@code openAPIV3Schema} into nodes and holds it to the rules of structural schemas: each value's type is known
 * from the main tree alone, and {@code allOf}, {@code anyOf}, {@code oneOf} and {@code not} only narrow it. Confined to one
 * call of {@link #read}.
 */
final class SchemaReader {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 60_000;
    private static final int MAX_RULES = 5_000;

    private static final List<String> FORBIDDEN =
            List.of("$ref", "$schema", "definitions", "dependencies", "patternProperties", "additionalItems", "id");
    private static final List<String> ONLY_OUTSIDE_COMBINATORS = List.of(
            "additionalProperties",
            "nullable",
            "default",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type");

    private static final ObjectNode ANYTHING =
            JsonNodeFactory.instance.objectNode().put("x-kubernetes-preserve-unknown-fields", true);
    private static final List<JsonNode> TYPE_NAMES = Arrays.stream(SchemaType.values())
            .<JsonNode>map(type -> JsonNodeFactory.instance.stringNode(type.word()))
            .toList();

    private final Findings problems = new Findings();
    private final LimitsReader limits = new LimitsReader(problems);
    private final RuleReader ruleReader = new RuleReader(problems);
    private int nodes;

    private SchemaReader() {}

    static SchemaNode read(ObjectNode schema) throws InvalidSchemaException {
        var reader = new SchemaReader();
        SchemaNode root;
        try {
            root = reader.node(schema, FieldPath.ROOT, new Place(0, false, true));
        } catch (TooLarge e) {
            throw new InvalidSchemaException(List.of(new FieldError(
                    Reason.FORBIDDEN,
                    e.path,
                    "Forbidden: a schema may be nested " + MAX_DEPTH + " deep and have " + MAX_NODES + " nodes and "
                            + MAX_RULES + " rules")));
        }
        if (!reader.problems.isEmpty()) {
            throw new InvalidSchemaException(reader.problems.toList());
        }
        return root;
    }

    /** Where a node stands. {@code narrowing}: below a combinator, where only limits may be set. */
    private record Place(int depth, boolean narrowing, boolean typed) {
        Place below() {
            return new Place(depth + 1, narrowing, !narrowing);
        }

        Place narrowed() {
            return new Place(depth + 1, true, false);
        }
    }

    private SchemaNode node(JsonNode json, FieldPath path, Place place) {
        if (!json.isObject()) {
            problems.add(Reason.TYPE_INVALID, path, "Invalid value: " + Findings.shown(json) + ": must be a schema");
            return node(JsonNodeFactory.instance.objectNode(), path, new Place(place.depth, true, false));
        }
        if (++nodes > MAX_NODES || place.depth > MAX_DEPTH) {
            throw new TooLarge(path);
        }
        for (String word : FORBIDDEN) {
            if (json.has(word)) {
                problems.add(Reason.FORBIDDEN, path.child(word), "Forbidden: " + word + " is not supported");
            }
        }
        if (json.path("uniqueItems").asBoolean(false)) {
            problems.add(
                    Reason.FORBIDDEN,
                    path.child("uniqueItems"),
                    "Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        var behaviour = behaviour(json);
        var type = type(json, path, place, behaviour);
        var structure = structure(json, path, place);
        var rules = ruleReader.read(json, path, place.narrowing);
        if (ruleReader.count() > MAX_RULES) {
            throw new TooLarge(path);
        }
        return new SchemaNode(
                type,
                structure,
                limits.read(json, path),
                combined(json, path, place, behaviour),
                behaviour,
                merge(json, path),
                rules,
                !rules.isEmpty() || hasRulesBelow(structure));
    }

    private static boolean hasRulesBelow(SchemaNode.Structure structure) {
        var additional = structure.additional();
        var items = structure.items();
        return additional != null && additional.hasRules()
                || items != null && items.hasRules()
                || structure.properties().values().stream().anyMatch(SchemaNode::hasRules);
    }

    private @Nullable SchemaType type(JsonNode json, FieldPath path, Place place, SchemaNode.Behaviour behaviour) {
        var word = json.get("type");
        if (place.narrowing) {
            checkNarrowing(json, path);
            return word == null ? null : SchemaType.of(word.asString());
        }
        if (word == null) {
            if (place.typed && !behaviour.intOrString() && !behaviour.preserveUnknown()) {
                problems.required(path.child("type"), "must not be empty for specified fields");
            }
            return null;
        }
        var type = word.isString() ? SchemaType.of(word.asString()) : null;
        if (type == null) {
            problems.notSupported(path.child("type"), word, TYPE_NAMES);
        } else if (type == SchemaType.ARRAY && !json.has("items")) {
            problems.required(path.child("items"), "must be specified");
        } else if (behaviour.embeddedResource() && type != SchemaType.OBJECT) {
            problems.add(
                    Reason.INVALID,
                    path.child("type"),
                    "Invalid value: " + Findings.shown(word)
                            + ": must be object if x-kubernetes-embedded-resource is true");
        }
        return type;
    }

    private void checkNarrowing(JsonNode json, FieldPath path) {
        for (String word : ONLY_OUTSIDE_COMBINATORS) {
            if (json.has(word)) {
                problems.add(Reason.FORBIDDEN, path.child(word), "Forbidden: must be undefined to be structural");
            }
        }
    }

    private SchemaNode.Structure structure(JsonNode json, FieldPath path, Place place) {
        var properties = new LinkedHashMap<String, SchemaNode>();
        for (var property : json.path("properties").properties()) {
            properties.put(
                    property.getKey(),
                    node(property.getValue(), path.child("properties").key(property.getKey()), place.below()));
        }
        var additional = json.get("additionalProperties");
        SchemaNode rest = null;
        if (additional != null && additional.isBoolean()) {
            if (!additional.booleanValue()) {
                problems.add(
                        Reason.FORBIDDEN, path.child("additionalProperties"), "Forbidden: must not be set to false");
            }
            rest = node(ANYTHING, path.child("additionalProperties"), place.below());
        } else if (additional != null) {
            rest = node(additional, path.child("additionalProperties"), place.below());
        }
        if (rest != null && !properties.isEmpty()) {
            problems.add(
                    Reason.FORBIDDEN,
                    path.child("additionalProperties"),
                    "Forbidden: additionalProperties and properties are mutual exclusive");
        }
        var items = json.get("items");
        if (items != null && items.isArray()) {
            problems.add(
                    Reason.FORBIDDEN, path.child("items"), "Forbidden: items must be a schema object and not an array");
            items = null;
        }
        return new SchemaNode.Structure(
                properties,
                rest,
                items == null ? null : node(items, path.child("items"), place.below()),
                texts(json.path("required"), path.child("required")));
    }

    private SchemaNode.Combined combined(JsonNode json, FieldPath path, Place place, SchemaNode.Behaviour behaviour) {
        var not = json.get("not");
        var anyOf = branches(json, "anyOf", path, place);
        if (behaviour.intOrString() && isIntOrStringPair(anyOf)) {
            // The customary way to write the same thing in plain JSON schema.
            anyOf = List.of();
        }
        return new SchemaNode.Combined(
                branches(json, "allOf", path, place),
                anyOf,
                branches(json, "oneOf", path, place),
                not == null ? null : node(not, path.child("not"), place.narrowed()));
    }

    private static boolean isIntOrStringPair(List<SchemaNode> branches) {
        return branches.size() == 2
                && branches.get(0).type() == SchemaType.INTEGER
                && branches.get(1).type() == SchemaType.STRING;
    }

    private List<SchemaNode> branches(JsonNode json, String word, FieldPath path, Place place) {
        var result = new ArrayList<SchemaNode>();
        for (var branch : json.path(word)) {
            result.add(node(branch, path.child(word).index(result.size()), place.narrowed()));
        }
        return result;
    }

    private static SchemaNode.Behaviour behaviour(JsonNode json) {
        return new SchemaNode.Behaviour(
                json.path("nullable").asBoolean(false),
                json.path("x-kubernetes-preserve-unknown-fields").asBoolean(false),
                json.path("x-kubernetes-embedded-resource").asBoolean(false),
                json.path("x-kubernetes-int-or-string").asBoolean(false),
                json.get("default"));
    }

    private SchemaNode.Merge merge(JsonNode json, FieldPath path) {
        var listType = listType(json, path);
        var keys = texts(json.path("x-kubernetes-list-map-keys"), path.child("x-kubernetes-list-map-keys"));
        if (listType == MergeNode.ListType.MAP && keys.isEmpty()) {
            problems.required(
                    path.child("x-kubernetes-list-map-keys"), "must not be empty if x-kubernetes-list-type is map");
        }
        if (listType == MergeNode.ListType.MAP) {
            checkKeys(json.path("items").path("properties"), keys, path);
        }
        String strategy = text(json, "x-kubernetes-patch-strategy");
        return new SchemaNode.Merge(
                listType,
                keys,
                "atomic".equals(text(json, "x-kubernetes-map-type"))
                        ? MergeNode.MapType.ATOMIC
                        : MergeNode.MapType.GRANULAR,
                text(json, "x-kubernetes-patch-merge-key"),
                strategy == null ? List.of() : List.of(strategy.split(",")));
    }

    private MergeNode.ListType listType(JsonNode json, FieldPath path) {
        return switch (json.path("x-kubernetes-list-type").asString("atomic")) {
            case "atomic" -> MergeNode.ListType.ATOMIC;
            case "set" -> MergeNode.ListType.SET;
            case "map" -> MergeNode.ListType.MAP;
            case String other -> {
                problems.add(
                        Reason.NOT_SUPPORTED,
                        path.child("x-kubernetes-list-type"),
                        "Unsupported value: " + Findings.quote(other)
                                + ": supported values: \"atomic\", \"map\", \"set\"");
                yield MergeNode.ListType.ATOMIC;
            }
        };
    }

    private void checkKeys(JsonNode properties, List<String> keys, FieldPath path) {
        for (String key : keys) {
            var type = properties.path(key).path("type").asString("");
            if (!properties.path(key).path("x-kubernetes-int-or-string").asBoolean(false)
                    && (type.isEmpty() || type.equals("object") || type.equals("array"))) {
                problems.add(
                        Reason.INVALID,
                        path.child("x-kubernetes-list-map-keys"),
                        "Invalid value: " + Findings.quote(key)
                                + ": entries must all be names of item properties of a scalar type");
            }
        }
    }

    private List<String> texts(JsonNode array, FieldPath path) {
        var result = new ArrayList<String>();
        for (var entry : array) {
            if (entry.isString()) {
                result.add(entry.asString());
            } else {
                problems.wrongType(path.index(result.size()), "string", entry);
            }
        }
        return result;
    }

    static @Nullable String text(JsonNode json, String name) {
        var value = json.get(name);
        return value != null && value.isString() ? value.asString() : null;
    }

    /** Ends the reading of a schema that no honest definition comes near. */
    private static final class TooLarge extends RuntimeException {
        private final String path;

        TooLarge(FieldPath path) {
            super("schema too large", null, false, false);
            this.path = path.toString();
        }
    }
}
