package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import java.time.Duration;
import java.util.List;

/** What may be asked of lists: order, sum, extremes, positions. Stateless. */
final class ListFunctions {
    private static final TypeParamType ELEMENT = TypeParamType.create("T");
    private static final ListType LIST = ListType.create(ELEMENT);

    private ListFunctions() {}

    static void addTo(CelBuilder builder) {
        // The results' types are left open: with a list of unknown type, the checker would settle on the first it can.
        new Declared(builder)
                .member("isSorted", SimpleType.BOOL, LIST, List.class, ListFunctions::isSorted)
                .member("sum", SimpleType.DYN, LIST, List.class, ListFunctions::sum)
                .member("min", SimpleType.DYN, LIST, List.class, list -> extreme(list, -1))
                .member("max", SimpleType.DYN, LIST, List.class, list -> extreme(list, 1))
                .member("indexOf", SimpleType.INT, LIST, List.class, ELEMENT, Object.class, (list, value) ->
                        (long) list.indexOf(value))
                .member("lastIndexOf", SimpleType.INT, LIST, List.class, ELEMENT, Object.class, (list, value) ->
                        (long) list.lastIndexOf(value));
    }

    private static boolean isSorted(List<?> list) throws CelEvaluationException {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> list) throws CelEvaluationException {
        Object total = list.isEmpty() ? Long.valueOf(0) : list.getFirst();
        for (int i = 1; i < list.size(); i++) {
            total = add(total, list.get(i));
        }
        return total;
    }

    private static Object add(Object left, Object right) throws CelEvaluationException {
        try {
            return switch (left) {
                case Long a when right instanceof Long b -> Math.addExact(a, b);
                case Double a when right instanceof Double b -> a + b;
                case Duration a when right instanceof Duration b -> a.plus(b);
                default -> throw failure("no such overload: sum of " + left + " and " + right);
            };
        } catch (ArithmeticException e) {
            throw failure("integer overflow");
        }
    }

    private static Object extreme(List<?> list, int sign) throws CelEvaluationException {
        if (list.isEmpty()) {
            throw failure((sign < 0 ? "min" : "max") + " called on empty list");
        }
        Object best = list.getFirst();
        for (Object candidate : list) {
            if (compare(candidate, best) * sign > 0) {
                best = candidate;
            }
        }
        return best;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Both are of one class, and comparable.
    private static int compare(Object left, Object right) throws CelEvaluationException {
        if (left.getClass() == right.getClass() && left instanceof Comparable comparable) {
            return comparable.compareTo(right);
        }
        throw failure("no such overload: " + left + " and " + right + " have no order");
    }

    static CelEvaluationException failure(String message) {
        return CelEvaluationExceptionBuilder.newBuilder(message).build();
    }
}
