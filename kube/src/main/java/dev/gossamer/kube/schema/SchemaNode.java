package dev.gossamer.kube.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One node of a structural schema. Immutable.
 *
 * @param hasRules whether there are rules at this node or anywhere below it
 */
record SchemaNode(
        @Nullable SchemaType type,
        Structure structure,
        Limits limits,
        Combined combined,
        Behaviour behaviour,
        Merge merge,
        List<Rule> rules,
        boolean hasRules)
        implements MergeNode {

    SchemaNode {
        rules = List.copyOf(rules);
    }

    /** What an object or a list is made of. {@code additional} and {@code items} are null where nothing is said. */
    record Structure(
            Map<String, SchemaNode> properties,
            @Nullable SchemaNode additional,
            @Nullable SchemaNode items,
            List<String> required) {
        Structure {
            // Not Map.copyOf: the schema's order is the order of messages.
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
            required = List.copyOf(required);
        }
    }

    /** What a single value must satisfy. */
    record Limits(
            List<JsonNode> allowed,
            @Nullable SafePattern pattern,
            @Nullable String format,
            Numbers numbers,
            Sizes sizes) {
        Limits {
            allowed = List.copyOf(allowed);
        }
    }

    record Numbers(
            @Nullable JsonNode minimum,
            boolean exclusiveMinimum,
            @Nullable JsonNode maximum,
            boolean exclusiveMaximum,
            @Nullable JsonNode multipleOf) {}

    /** Bounds for characters, elements or properties; which of them depends on the value. */
    record Sizes(Range length, Range items, Range properties) {}

    /** {@code most} is null where there is no upper bound. */
    record Range(long least, @Nullable Long most) {
        static final Range ANY = new Range(0, null);
    }

    record Combined(
            List<SchemaNode> allOf,
            List<SchemaNode> anyOf,
            List<SchemaNode> oneOf,
            @Nullable SchemaNode not) {
        Combined {
            allOf = List.copyOf(allOf);
            anyOf = List.copyOf(anyOf);
            oneOf = List.copyOf(oneOf);
        }

        boolean isEmpty() {
            return allOf.isEmpty() && anyOf.isEmpty() && oneOf.isEmpty() && not == null;
        }
    }

    record Behaviour(
            boolean nullable,
            boolean preserveUnknown,
            boolean embeddedResource,
            boolean intOrString,
            @Nullable JsonNode defaultValue) {}

    record Merge(
            ListType listType,
            List<String> listKeys,
            MapType mapType,
            @Nullable String patchMergeKey,
            List<String> patchStrategies) {
        static final Merge DEFAULT = new Merge(ListType.ATOMIC, List.of(), MapType.GRANULAR, null, List.of());

        Merge {
            listKeys = List.copyOf(listKeys);
            patchStrategies = List.copyOf(patchStrategies);
        }
    }

    @Nullable
    SchemaNode property(String name) {
        return structure.properties.get(name);
    }

    SchemaNode withProperty(String name, SchemaNode node) {
        var properties = new LinkedHashMap<>(structure.properties);
        properties.put(name, node);
        return new SchemaNode(
                type,
                new Structure(properties, structure.additional, structure.items, structure.required),
                limits,
                combined,
                behaviour,
                merge,
                rules,
                hasRules);
    }

    @Override
    public ListType listType() {
        return merge.listType;
    }

    @Override
    public List<String> listKeys() {
        return merge.listKeys;
    }

    @Override
    public @Nullable String keyDefault(String key) {
        var items = structure.items;
        var node = items == null ? null : items.property(key);
        var value = node == null ? null : node.behaviour.defaultValue;
        return value == null || value.isContainer() ? null : value.asString();
    }

    @Override
    public MapType mapType() {
        return merge.mapType;
    }

    @Override
    public @Nullable String patchMergeKey() {
        return merge.patchMergeKey;
    }

    @Override
    public List<String> patchStrategies() {
        return merge.patchStrategies;
    }

    @Override
    public @Nullable SchemaNode field(String name) {
        var known = structure.properties.get(name);
        return known != null ? known : structure.additional;
    }

    @Override
    public @Nullable SchemaNode element() {
        return structure.items;
    }
}
