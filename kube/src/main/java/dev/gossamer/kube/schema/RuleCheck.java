package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import dev.gossamer.kube.schema.cel.RuleException;

/** Compiles every rule of a schema, to tell the author of a definition before a user meets the mistake. Confined to one call. */
final class RuleCheck {
    private final Findings problems = new Findings();

    void node(SchemaNode schema, FieldPath path) {
        if (!schema.hasRules() || problems.isFull()) {
            return;
        }
        for (int i = 0; i < schema.rules().size(); i++) {
            var at = path.child("x-kubernetes-validations").index(i);
            var rule = schema.rules().get(i);
            source(rule.condition(), at.child("rule"));
            var expression = rule.messageExpression();
            if (expression != null) {
                source(expression, at.child("messageExpression"));
            }
        }
        schema.structure()
                .properties()
                .forEach((name, property) ->
                        node(property, path.child("properties").key(name)));
        var additional = schema.structure().additional();
        if (additional != null) {
            node(additional, path.child("additionalProperties"));
        }
        var items = schema.structure().items();
        if (items != null) {
            node(items, path.child("items"));
        }
    }

    Findings problems() {
        return problems;
    }

    private void source(Rule.Source source, FieldPath path) {
        try {
            source.expression();
        } catch (RuleException e) {
            problems.add(
                    Reason.INVALID, path, "Invalid value: " + Findings.quote(source.text()) + ": " + e.getMessage());
        }
    }
}
