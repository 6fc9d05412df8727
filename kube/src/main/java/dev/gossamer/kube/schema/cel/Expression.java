package dev.gossamer.kube.schema.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A compiled expression on {@code self} and, where there was one before, {@code oldSelf}. Thread-safe.
 *
 * <p>Values are Java's: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code Instant}, {@code Duration},
 * {@code Map} and {@code List}. Types are checked as values meet, not beforehand.
 */
public final class Expression {
    private static final Pattern PLACE = Pattern.compile("^evaluation error( at \\S+)?: ");
    private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map\\.");

    private final CelRuntime.Program program;
    private final boolean optionalOldSelf;
    private final boolean usesOldSelf;

    private Expression(CelRuntime.Program program, boolean optionalOldSelf, boolean usesOldSelf) {
        this.program = program;
        this.optionalOldSelf = optionalOldSelf;
        this.usesOldSelf = usesOldSelf;
    }

    /**
     * Reads an expression.
     *
     * @param optionalOldSelf whether it sees {@code oldSelf} as an optional, and runs without a former value too
     * @throws RuleException if the text is not an expression
     */
    public static Expression compile(String text, boolean optionalOldSelf) throws RuleException {
        try {
            var language = Environment.get(optionalOldSelf);
            CelAbstractSyntaxTree tree = language.compile(text).getAst();
            return new Expression(language.createProgram(tree), optionalOldSelf, mentionsOldSelf(tree));
        } catch (CelValidationException e) {
            throw new RuleException("compilation failed: " + e.getMessage());
        } catch (CelEvaluationException e) {
            throw new RuleException("program instantiation failed: " + e.getMessage());
        }
    }

    /** Makes the language's environment and runs through all of its stages once. */
    public static void warmUp() {
        try {
            compile("has(self.a) && self.a.all(x, x.size() > 0 && x.matches('^a'))", false)
                    .evaluate(Map.of("a", List.of("a")), null, new Budget());
        } catch (RuleException e) {
            throw new IllegalStateException("the language does not work", e);
        }
    }

    private static boolean mentionsOldSelf(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .anyMatch(node -> node.getKind() == CelExpr.ExprKind.Kind.IDENT
                        && node.expr().ident().name().equals("oldSelf"));
    }

    /** Whether it compares with what was there before, so that it has nothing to say of a value that is new. */
    public boolean usesOldSelf() {
        return usesOldSelf;
    }

    /**
     * Computes the expression's value.
     *
     * @param oldSelf null if there was none
     * @throws RuleException if it fails on these values
     */
    public Object evaluate(Object self, @Nullable Object oldSelf, Budget budget) throws RuleException {
        Map<String, Object> variables;
        if (optionalOldSelf) {
            variables = Map.of("self", self, "oldSelf", Optional.ofNullable(oldSelf));
        } else {
            variables = oldSelf == null ? Map.of("self", self) : Map.of("self", self, "oldSelf", oldSelf);
        }
        try {
            return program.trace(variables, (_, result) -> budget.spend(result));
        } catch (Budget.SpentException e) {
            throw new RuleException("call cost exceeds limit");
        } catch (CelEvaluationException e) {
            if (budget.isSpent()) {
                throw new RuleException("call cost exceeds limit");
            }
            throw new RuleException(wording(e.getMessage() == null ? "evaluation failed" : e.getMessage()));
        }
    }

    /** Says it as other implementations of the language do. */
    private static String wording(String message) {
        String plain = PLACE.matcher(message).replaceFirst("");
        var missing = MISSING_KEY.matcher(plain);
        return missing.matches() ? "no such key: " + missing.group(1) : plain;
    }
}
