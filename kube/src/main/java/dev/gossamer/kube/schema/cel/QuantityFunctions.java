package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts with Kubernetes' suffixes: {@code 500m}, {@code 64Mi}. Stateless. */
final class QuantityFunctions {
    private static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final Pattern FORM = Pattern.compile(
            "([+-]?(?:[0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40}))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]{1,2})?");

    private QuantityFunctions() {}

    /** An amount; equal if the amounts are, however they are written. Immutable. */
    record Quantity(BigDecimal amount) implements Comparable<Quantity> {
        Quantity {
            amount = amount.stripTrailingZeros();
        }

        @Override
        public int compareTo(Quantity other) {
            return amount.compareTo(other.amount);
        }

        boolean isInteger() {
            return amount.scale() <= 0
                    && amount.precision() - amount.scale() <= 19
                    && amount.abs().compareTo(MOST) <= 0;
        }

        private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    }

    static void addTo(CelBuilder builder) {
        new Declared(builder)
                .global("isQuantity", SimpleType.BOOL, SimpleType.STRING, String.class, text -> read(text) != null)
                .global("quantity", QUANTITY, SimpleType.STRING, String.class, QuantityFunctions::require)
                .member("isInteger", SimpleType.BOOL, QUANTITY, Quantity.class, Quantity::isInteger)
                .member("asInteger", SimpleType.INT, QUANTITY, Quantity.class, QuantityFunctions::asInteger)
                .member(
                        "asApproximateFloat",
                        SimpleType.DOUBLE,
                        QUANTITY,
                        Quantity.class,
                        quantity -> quantity.amount.doubleValue())
                .member("sign", SimpleType.INT, QUANTITY, Quantity.class, quantity -> (long) quantity.amount.signum())
                .member(
                        "add",
                        QUANTITY,
                        QUANTITY,
                        Quantity.class,
                        QUANTITY,
                        Quantity.class,
                        (a, b) -> new Quantity(a.amount.add(b.amount)))
                .member(
                        "add",
                        QUANTITY,
                        QUANTITY,
                        Quantity.class,
                        SimpleType.INT,
                        Long.class,
                        (a, b) -> new Quantity(a.amount.add(BigDecimal.valueOf(b))))
                .member(
                        "sub",
                        QUANTITY,
                        QUANTITY,
                        Quantity.class,
                        QUANTITY,
                        Quantity.class,
                        (a, b) -> new Quantity(a.amount.subtract(b.amount)))
                .member(
                        "sub",
                        QUANTITY,
                        QUANTITY,
                        Quantity.class,
                        SimpleType.INT,
                        Long.class,
                        (a, b) -> new Quantity(a.amount.subtract(BigDecimal.valueOf(b))))
                .member(
                        "isLessThan",
                        SimpleType.BOOL,
                        QUANTITY,
                        Quantity.class,
                        QUANTITY,
                        Quantity.class,
                        (a, b) -> a.compareTo(b) < 0)
                .member(
                        "isGreaterThan",
                        SimpleType.BOOL,
                        QUANTITY,
                        Quantity.class,
                        QUANTITY,
                        Quantity.class,
                        (a, b) -> a.compareTo(b) > 0)
                .member("compareTo", SimpleType.INT, QUANTITY, Quantity.class, QUANTITY, Quantity.class, (a, b) ->
                        (long) a.compareTo(b));
    }

    private static @Nullable Quantity read(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        var number = new BigDecimal(form.group(1).endsWith(".") ? form.group(1) + "0" : form.group(1));
        String suffix = form.group(2) == null ? "" : form.group(2);
        return new Quantity(number.multiply(factor(suffix)));
    }

    private static BigDecimal factor(String suffix) {
        if (suffix.endsWith("i")) {
            return new BigDecimal(BigInteger.ONE.shiftLeft(10 * ("KMGTPE".indexOf(suffix.charAt(0)) + 1)));
        }
        int power =
                switch (suffix) {
                    case "" -> 0;
                    case "n" -> -9;
                    case "u" -> -6;
                    case "m" -> -3;
                    case "k" -> 3;
                    case "M" -> 6;
                    case "G" -> 9;
                    case "T" -> 12;
                    case "P" -> 15;
                    case "E" -> 18;
                    default -> Integer.parseInt(suffix.substring(1));
                };
        return BigDecimal.ONE.scaleByPowerOfTen(power);
    }

    private static Quantity require(String text) throws CelEvaluationException {
        var quantity = read(text);
        if (quantity == null) {
            throw ListFunctions.failure("quantities must match the regular expression '" + FORM + "'");
        }
        return quantity;
    }

    private static long asInteger(Quantity quantity) throws CelEvaluationException {
        if (!quantity.isInteger()) {
            throw ListFunctions.failure("cannot convert value to integer");
        }
        return quantity.amount.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
    }
}
