package dev.gossamer.kube.schema;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** Numbers of any size, read without the exceptions that a node's own accessors throw for what does not fit. Stateless. */
final class Numeric {
    private Numeric() {}

    /** The nearest floating point number, infinity included. */
    static double approximate(JsonNode number) {
        return number.numberValue().doubleValue();
    }

    /** Whether it has an exact value: JSON's numbers do, but trees can hold others. */
    static boolean isExact(JsonNode number) {
        return number.isNumber()
                && switch (number.numberType()) {
                    case FLOAT, DOUBLE -> Double.isFinite(approximate(number));
                    case INT, LONG, BIG_INTEGER, BIG_DECIMAL -> true;
                };
    }

    /** For numbers that are {@linkplain #isExact exact}. */
    static BigDecimal exact(JsonNode number) {
        return number.decimalValue();
    }
}
