package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.cel.Budget;
import dev.gossamer.kube.schema.cel.RuleException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Judges an object by its schema's rules, within one budget for all of them. Confined to one validation. */
final class RuleValidator {
    private final Findings findings;
    private final Budget budget = new Budget();

    RuleValidator(Findings findings) {
        this.findings = findings;
    }

    void root(SchemaNode schema, ObjectNode now, @Nullable ObjectNode old) {
        node(schema, now, old, FieldPath.ROOT);
        if (budget.isSpent()) {
            findings.addWithoutField(
                    "Invalid value: \"\": validation failed due to running out of cost budget, no further validation"
                            + " rules will be run");
        }
    }

    /** {@code old} is what was in the same place before, if it can be told which that was. */
    private void node(SchemaNode schema, JsonNode now, @Nullable JsonNode old, FieldPath path) {
        if (!schema.hasRules() || findings.isFull() || budget.isSpent() || now.isNull()) {
            return;
        }
        if (!schema.rules().isEmpty()) {
            rules(schema, now, old, path);
        }
        switch (now) {
            case ObjectNode object -> fields(schema, object, old, path);
            case ArrayNode array -> elements(schema, array, old, path);
            default -> {}
        }
    }

    private void fields(SchemaNode schema, ObjectNode now, @Nullable JsonNode old, FieldPath path) {
        for (var entry : now.properties()) {
            String name = entry.getKey();
            var before = old == null ? null : old.get(name);
            var known = schema.property(name);
            var additional = schema.structure().additional();
            if (known != null) {
                node(known, entry.getValue(), before, path.child(name));
            } else if (additional != null) {
                node(additional, entry.getValue(), before, path.key(name));
            }
        }
    }

    private void elements(SchemaNode schema, ArrayNode now, @Nullable JsonNode old, FieldPath path) {
        var items = schema.structure().items();
        if (items == null) {
            return;
        }
        var before = new ListElements(schema, old);
        for (int i = 0; i < now.size(); i++) {
            node(items, now.get(i), before.matching(now.get(i), i), path.index(i));
        }
    }

    private void rules(SchemaNode schema, JsonNode now, @Nullable JsonNode old, FieldPath path) {
        boolean resource = path == FieldPath.ROOT;
        boolean unchanged = now.equals(old);
        Object self = null;
        Object oldSelf = null;
        for (var rule : schema.rules()) {
            try {
                boolean transition = rule.condition().expression().usesOldSelf();
                if (transition ? old == null && !rule.optionalOldSelf() : unchanged) {
                    continue;
                }
                if (self == null) {
                    self = RuleValues.of(schema, now, resource);
                    oldSelf = old == null || old.isNull() ? null : RuleValues.of(schema, old, resource);
                }
                if (!Boolean.TRUE.equals(rule.condition().expression().evaluate(self, oldSelf, budget))) {
                    failed(schema, rule, message(rule, self, oldSelf), path);
                }
            } catch (RuleException e) {
                failed(schema, rule, e.getMessage() + " evaluating rule: " + rule.label(), path);
            }
            if (budget.isSpent()) {
                return;
            }
        }
    }

    private String message(Rule rule, Object self, @Nullable Object oldSelf) {
        var expression = rule.messageExpression();
        if (expression != null) {
            try {
                if (expression.expression().evaluate(self, oldSelf, budget) instanceof String text
                        && !text.isBlank()
                        && text.indexOf('\n') < 0) {
                    return text.strip();
                }
            } catch (RuleException e) {
                // The definition promises that the plain message takes its place then.
                return plain(rule);
            }
        }
        return plain(rule);
    }

    private static String plain(Rule rule) {
        String message = rule.message();
        return message == null || message.isBlank()
                ? "failed rule: " + rule.condition().text().strip()
                : message.strip();
    }

    private void failed(SchemaNode schema, Rule rule, String detail, FieldPath path) {
        var at = relative(path, rule.fieldPath());
        var type = schema.type();
        String shown = Findings.quote(type == null ? "" : type.word());
        findings.add(
                rule.reason(),
                at,
                switch (rule.reason()) {
                    case REQUIRED -> "Required value: " + detail;
                    case FORBIDDEN -> "Forbidden: " + detail;
                    case DUPLICATE -> "Duplicate value: " + shown;
                    case INVALID, TYPE_INVALID, NOT_SUPPORTED, TOO_LONG, TOO_MANY ->
                        "Invalid value: " + shown + ": " + detail;
                });
    }

    /** Follows {@code .a.b['c.d']}; {@link SchemaReader} let only this form pass. */
    private static FieldPath relative(FieldPath path, @Nullable String fieldPath) {
        var at = path;
        for (String name : fieldPath == null ? List.<String>of() : FieldPaths.names(fieldPath)) {
            at = at.child(name);
        }
        return at;
    }

    /** Whether rules may be judged at all: after these mistakes they would fail for reasons that mislead. */
    static boolean isBlocking(FieldError error) {
        return switch (error.reason()) {
            case NOT_SUPPORTED, REQUIRED, TOO_LONG, DUPLICATE, TOO_MANY, TYPE_INVALID -> true;
            case INVALID, FORBIDDEN -> false;
        };
    }
}
