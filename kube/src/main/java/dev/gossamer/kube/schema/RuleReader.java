package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads {@code x-kubernetes-validations}. Confined to the reading of one schema. */
final class RuleReader {
    private final Findings problems;
    private final Map<String, Rule.Source> sources = new HashMap<>();
    private int count;

    RuleReader(Findings problems) {
        this.problems = problems;
    }

    /** How many rules there were so far. */
    int count() {
        return count;
    }

    List<Rule> read(JsonNode json, FieldPath path, boolean narrowing) {
        var result = new ArrayList<Rule>();
        for (var rule : json.path("x-kubernetes-validations")) {
            var at = path.child("x-kubernetes-validations").index(result.size());
            String text = rule.path("rule").asString("");
            if (text.isBlank()) {
                problems.required(at.child("rule"), "rule is not specified");
            }
            if (narrowing) {
                problems.add(Reason.FORBIDDEN, at, "Forbidden: must be undefined to be structural");
            }
            String fieldPath = SchemaReader.text(rule, "fieldPath");
            if (fieldPath != null && !FieldPaths.isValid(fieldPath)) {
                problems.add(
                        Reason.INVALID,
                        at.child("fieldPath"),
                        "Invalid value: " + Findings.quote(fieldPath) + ": fieldPath must be a valid path");
            }
            boolean optional = rule.path("optionalOldSelf").asBoolean(false);
            String messageExpression = SchemaReader.text(rule, "messageExpression");
            result.add(new Rule(
                    source(text, optional),
                    SchemaReader.text(rule, "message"),
                    messageExpression == null ? null : source(messageExpression, optional),
                    reason(rule, at),
                    fieldPath,
                    optional));
        }
        count += result.size();
        return result;
    }

    /** The same rule often stands in many places; it is compiled once. */
    private Rule.Source source(String text, boolean optionalOldSelf) {
        return sources.computeIfAbsent(optionalOldSelf + text, _ -> new Rule.Source(text, optionalOldSelf));
    }

    private Reason reason(JsonNode rule, FieldPath path) {
        return switch (rule.path("reason").asString("FieldValueInvalid")) {
            case "FieldValueInvalid" -> Reason.INVALID;
            case "FieldValueForbidden" -> Reason.FORBIDDEN;
            case "FieldValueRequired" -> Reason.REQUIRED;
            case "FieldValueDuplicate" -> Reason.DUPLICATE;
            case String other -> {
                problems.add(
                        Reason.NOT_SUPPORTED,
                        path.child("reason"),
                        "Unsupported value: " + Findings.quote(other)
                                + ": supported values: \"FieldValueRequired\", \"FieldValueInvalid\","
                                + " \"FieldValueForbidden\", \"FieldValueDuplicate\"");
                yield Reason.INVALID;
            }
        };
    }
}
