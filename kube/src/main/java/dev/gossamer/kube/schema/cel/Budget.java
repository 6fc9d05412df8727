package dev.gossamer.kube.schema.cel;

import java.util.Collection;

/** How much all rules of one validation may compute. Confined to one validation. */
public final class Budget {
    /** Evaluated parts of expressions; the largest objects that the known definitions allow need a tenth of this. */
    private static final long STEPS = 4_000_000;

    /** No honest rule builds a text or list of this size. */
    private static final int MAX_SIZE = 4_000_000;

    private long left = STEPS;

    /** Whether nothing more may be computed. */
    public boolean isSpent() {
        return left <= 0;
    }

    /** Counts one part of an expression and its result. */
    void spend(Object result) {
        int size = 0;
        if (result instanceof String text) {
            size = text.length();
        } else if (result instanceof Collection<?> values) {
            size = values.size();
        }
        // Handling a large value is dearer than handling a small one.
        left -= 1 + size / 64;
        if (left <= 0 || size > MAX_SIZE) {
            left = 0;
            throw new SpentException();
        }
    }

    /** Passes through the evaluator, which knows nothing of budgets. */
    static final class SpentException extends RuntimeException {
        SpentException() {
            super("out of budget", null, false, false);
        }
    }
}
