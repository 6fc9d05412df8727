package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.cel.Expression;
import dev.gossamer.kube.schema.cel.RuleException;
import org.jspecify.annotations.Nullable;

/**
 * One of {@code x-kubernetes-validations}.
 *
 * @param reason what kind of error a failure is
 * @param fieldPath where a failure is reported, relative to the rule's own place; null for that place itself
 * @param optionalOldSelf whether it runs without a former value too, and sees that as an optional
 */
record Rule(
        Source condition,
        @Nullable String message,
        @Nullable Source messageExpression,
        FieldError.Reason reason,
        @Nullable String fieldPath,
        boolean optionalOldSelf) {

    /** An expression that is compiled when it is first needed, since few of a schema's many ever are. Thread-safe. */
    static final class Source {
        private final String text;
        private final boolean optionalOldSelf;

        /** The expression, or what is wrong with it; null before the first use. */
        private volatile @Nullable Object compiled;

        Source(String text, boolean optionalOldSelf) {
            this.text = text;
            this.optionalOldSelf = optionalOldSelf;
        }

        String text() {
            return text;
        }

        Expression expression() throws RuleException {
            var result = compiled;
            if (result == null) {
                // Two threads may do this at once: both find the same.
                result = compile();
                compiled = result;
            }
            return switch (result) {
                case Expression expression -> expression;
                case RuleException problem -> throw problem;
                default -> throw new IllegalStateException("neither an expression nor a problem: " + result);
            };
        }

        private Object compile() {
            try {
                return Expression.compile(text, optionalOldSelf);
            } catch (RuleException e) {
                return e;
            }
        }
    }

    /** How a rule is named where it cannot be evaluated. */
    String label() {
        return message == null || message.isBlank()
                ? Findings.quote(condition.text().strip())
                : message.strip();
    }
}
