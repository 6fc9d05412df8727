package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import dev.gossamer.kube.schema.SchemaNode.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a schema's node asks of a single value. Confined to the reading of one schema. */
final class LimitsReader {
    private static final int MAX_ENUM = 10_000;

    private final Findings problems;

    /** The same pattern often stands in many places; it is compiled once. */
    private final Map<String, SafePattern> patterns = new HashMap<>();

    LimitsReader(Findings problems) {
        this.problems = problems;
    }

    SchemaNode.Limits read(JsonNode json, FieldPath path) {
        var allowed = new ArrayList<JsonNode>();
        json.path("enum").forEach(allowed::add);
        if (allowed.size() > MAX_ENUM) {
            problems.tooMany(path.child("enum"), allowed.size(), MAX_ENUM);
            allowed.clear();
        }
        return new SchemaNode.Limits(
                allowed,
                pattern(json, path),
                SchemaReader.text(json, "format"),
                new SchemaNode.Numbers(
                        number(json, "minimum", path),
                        json.path("exclusiveMinimum").asBoolean(false),
                        number(json, "maximum", path),
                        json.path("exclusiveMaximum").asBoolean(false),
                        multipleOf(json, path)),
                new SchemaNode.Sizes(
                        range(json, "Length", path), range(json, "Items", path), range(json, "Properties", path)));
    }

    private @Nullable SafePattern pattern(JsonNode json, FieldPath path) {
        String text = SchemaReader.text(json, "pattern");
        if (text == null) {
            return null;
        }
        try {
            return patterns.computeIfAbsent(text, SafePattern::compile);
        } catch (IllegalArgumentException e) {
            problems.add(
                    Reason.INVALID,
                    path.child("pattern"),
                    "Invalid value: " + Findings.shown(json.get("pattern")) + ": " + e.getMessage());
            return null;
        }
    }

    private @Nullable JsonNode number(JsonNode json, String name, FieldPath path) {
        var value = json.get(name);
        if (value != null && !Numeric.isExact(value)) {
            problems.wrongType(path.child(name), "number", value);
            return null;
        }
        return value;
    }

    private @Nullable JsonNode multipleOf(JsonNode json, FieldPath path) {
        var value = number(json, "multipleOf", path);
        if (value != null && Numeric.approximate(value) <= 0) {
            problems.add(
                    Reason.INVALID,
                    path.child("multipleOf"),
                    "Invalid value: " + value + ": multipleOf cannot be zero or negative");
            return null;
        }
        return value;
    }

    private Range range(JsonNode json, String what, FieldPath path) {
        var least = count(json, "min" + what, path);
        var most = count(json, "max" + what, path);
        return least == null && most == null ? Range.ANY : new Range(least == null ? 0 : least, most);
    }

    private @Nullable Long count(JsonNode json, String name, FieldPath path) {
        var value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            problems.add(
                    Reason.INVALID,
                    path.child(name),
                    "Invalid value: " + Findings.shown(value) + ": must be a non-negative integer");
            return null;
        }
        return value.longValue();
    }
}
