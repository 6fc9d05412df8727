package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Judges an object by everything in a schema but its rules. Confined to one validation.
 *
 * <p>Work is bounded by the product of schema and value: each branch of a combinator looks at each value once.
 */
final class ValueValidator {
    private final Findings findings;

    ValueValidator(Findings findings) {
        this.findings = findings;
    }

    void root(SchemaNode schema, ObjectNode now, @Nullable ObjectNode old) {
        var metadata = now.get("metadata");
        if (metadata != null) {
            var before = old == null ? null : old.get("metadata");
            value(ObjectMetaSchema.NODE, metadata, before, FieldPath.ROOT.child("metadata"));
        }
        value(schema, now, old, FieldPath.ROOT);
    }

    /** {@code old} is the value in the same place before, if it can be told which that was. */
    private void value(SchemaNode schema, JsonNode now, @Nullable JsonNode old, FieldPath path) {
        if (findings.isFull() || now.equals(old)) {
            // What has not changed is not held against an update, even if the schema has become stricter since.
            return;
        }
        if (now.isNull() && schema.behaviour().nullable()) {
            return;
        }
        if (!hasRightType(schema, now, path)) {
            return;
        }
        limits(schema, now, path);
        switch (now) {
            case ObjectNode object -> object(schema, object, old, path);
            case ArrayNode array -> array(schema, array, old, path);
            default -> {}
        }
        if (!schema.combined().isEmpty()) {
            combined(schema.combined(), now, path);
        }
    }

    private boolean hasRightType(SchemaNode schema, JsonNode now, FieldPath path) {
        if (schema.behaviour().intOrString()) {
            if (SchemaType.isWhole(now) || now.isString()) {
                return true;
            }
            findings.wrongType(path, "integer,string", now);
            return false;
        }
        var type = schema.type();
        if (type == null || type.holds(now)) {
            return true;
        }
        findings.wrongType(path, type.word(), now);
        return false;
    }

    private void object(SchemaNode schema, ObjectNode now, @Nullable JsonNode old, FieldPath path) {
        size(now.size(), schema.limits().sizes().properties(), path, "properties");
        for (String name : schema.structure().required()) {
            if (!now.has(name)) {
                findings.required(path.child(name), "");
            }
        }
        if (schema.behaviour().embeddedResource()) {
            embedded(now, path);
        }
        for (var entry : now.properties()) {
            var field = schema.field(entry.getKey());
            if (field != null) {
                value(
                        field,
                        entry.getValue(),
                        old == null ? null : old.get(entry.getKey()),
                        path.child(entry.getKey()));
            }
        }
    }

    private void embedded(ObjectNode resource, FieldPath path) {
        for (String name : List.of("apiVersion", "kind")) {
            var value = resource.get(name);
            if (value == null || value.isString() && value.asString().isEmpty()) {
                findings.required(path.child(name), "must not be empty");
            } else if (!value.isString()) {
                findings.wrongType(path.child(name), "string", value);
            }
        }
        var metadata = resource.get("metadata");
        if (metadata != null) {
            value(ObjectMetaSchema.NODE, metadata, null, path.child("metadata"));
        }
    }

    private void array(SchemaNode schema, ArrayNode now, @Nullable JsonNode old, FieldPath path) {
        var bounds = schema.limits().sizes().items();
        var most = bounds.most();
        if (most != null && now.size() > most) {
            findings.tooMany(path, now.size(), most);
        }
        if (now.size() < bounds.least()) {
            findings.unmet(path, Integer.toString(now.size()), "should have at least " + bounds.least() + " items");
        }
        var items = schema.structure().items();
        if (items != null) {
            var before = new ListElements(schema, old);
            for (int i = 0; i < now.size(); i++) {
                value(items, now.get(i), before.matching(now.get(i), i), path.index(i));
            }
        }
        ListElements.findDuplicates(schema, now, path, findings);
    }

    private void limits(SchemaNode schema, JsonNode now, FieldPath path) {
        var limits = schema.limits();
        if (now.isNumber()) {
            number(limits, now, path);
        } else if (now.isString()) {
            string(limits, now, path);
        }
        if (!limits.allowed().isEmpty() && limits.allowed().stream().noneMatch(allowed -> same(allowed, now))) {
            findings.notSupported(path, now, limits.allowed());
        }
    }

    private static boolean same(JsonNode allowed, JsonNode now) {
        return allowed.equals(now)
                || Numeric.isExact(allowed)
                        && Numeric.isExact(now)
                        && Numeric.exact(allowed).compareTo(Numeric.exact(now)) == 0;
    }

    private void string(SchemaNode.Limits limits, JsonNode now, FieldPath path) {
        String text = now.asString();
        var bounds = limits.sizes().length();
        var most = bounds.most();
        int length = text.codePointCount(0, text.length());
        if (most != null && length > most) {
            findings.tooLong(path, most);
        }
        if (length < bounds.least()) {
            findings.unmet(path, now, "should be at least " + bounds.least() + " chars long");
        }
        var pattern = limits.pattern();
        if (pattern != null && !pattern.occursIn(text)) {
            findings.unmet(path, now, "should match '" + pattern + "'");
        }
        var format = limits.format();
        if (format != null && !Formats.holds(format, text)) {
            findings.wrongFormat(path, format, now);
        }
    }

    private void number(SchemaNode.Limits limits, JsonNode now, FieldPath path) {
        if (!Numeric.isExact(now)) {
            findings.wrongType(path, "number", now);
            return;
        }
        var value = Numeric.exact(now);
        var numbers = limits.numbers();
        var minimum = numbers.minimum();
        if (minimum != null) {
            int order = value.compareTo(Numeric.exact(minimum));
            if (order < 0 || order == 0 && numbers.exclusiveMinimum()) {
                findings.unmet(
                        path,
                        now,
                        "should be greater than " + (numbers.exclusiveMinimum() ? "" : "or equal to ") + minimum);
            }
        }
        var maximum = numbers.maximum();
        if (maximum != null) {
            int order = value.compareTo(Numeric.exact(maximum));
            if (order > 0 || order == 0 && numbers.exclusiveMaximum()) {
                findings.unmet(
                        path,
                        now,
                        "should be less than " + (numbers.exclusiveMaximum() ? "" : "or equal to ") + maximum);
            }
        }
        var step = numbers.multipleOf();
        if (step != null && !isMultiple(now, step)) {
            findings.unmet(path, now, "should be a multiple of " + step);
        }
        var format = limits.format();
        if (format != null && !Formats.fits(format, value)) {
            findings.add(
                    Reason.INVALID,
                    path,
                    "Invalid value: " + now + ": Checked value must be of type integer with format " + format
                            + " in body");
        }
    }

    /** As floating point: an exact remainder of {@code 1e999999999} by {@code 3} would take all memory there is. */
    private static boolean isMultiple(JsonNode value, JsonNode step) {
        double quotient = Numeric.approximate(value) / Numeric.approximate(step);
        return quotient == Math.rint(quotient);
    }

    private void size(int actual, SchemaNode.Range bounds, FieldPath path, String what) {
        var most = bounds.most();
        if (most != null && actual > most) {
            findings.tooMany(path, actual, most);
        }
        if (actual < bounds.least()) {
            findings.unmet(path, "\"\"", "should have at least " + bounds.least() + " " + what);
        }
    }

    private void combined(SchemaNode.Combined combined, JsonNode now, FieldPath path) {
        for (var branch : combined.allOf()) {
            var judged = judge(branch, now, path);
            if (!judged.isEmpty()) {
                findings.addAll(judged);
                composite(path, "must validate all the schemas (allOf)");
            }
        }
        if (!combined.anyOf().isEmpty()) {
            var judged = judgeAll(combined.anyOf(), now, path);
            if (judged.stream().noneMatch(Findings::isEmpty)) {
                findings.addAll(best(judged));
                composite(path, "must validate at least one schema (anyOf)");
            }
        }
        if (!combined.oneOf().isEmpty()) {
            var judged = judgeAll(combined.oneOf(), now, path);
            long valid = judged.stream().filter(Findings::isEmpty).count();
            if (valid == 0) {
                findings.addAll(best(judged));
                composite(path, "must validate one and only one schema (oneOf). Found none valid");
            } else if (valid > 1) {
                composite(
                        path, "must validate one and only one schema (oneOf). Found " + valid + " valid alternatives");
            }
        }
        var not = combined.not();
        if (not != null && judge(not, now, path).isEmpty()) {
            composite(path, "must not validate the schema (not)");
        }
    }

    private void composite(FieldPath path, String requirement) {
        findings.addWithoutField("Invalid value: \"\": " + Findings.quote(path.toString()) + " " + requirement);
    }

    private static List<Findings> judgeAll(List<SchemaNode> branches, JsonNode now, FieldPath path) {
        return branches.stream().map(branch -> judge(branch, now, path)).toList();
    }

    private static Findings judge(SchemaNode branch, JsonNode now, FieldPath path) {
        var judged = new Findings();
        new ValueValidator(judged).value(branch, now, null, path);
        return judged;
    }

    /** The branch that came nearest, whose complaints are the likeliest to help. */
    private static Findings best(List<Findings> judged) {
        var best = judged.getFirst();
        for (var candidate : judged) {
            if (candidate.size() < best.size()) {
                best = candidate;
            }
        }
        return best;
    }
}
