package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code "%s has %d ports".format([self.name, 3])}. Confined to one call. */
final class Formatting {
    private final String pattern;
    private final List<?> arguments;
    private final StringBuilder text = new StringBuilder();
    private int next;

    private Formatting(String pattern, List<?> arguments) {
        this.pattern = pattern;
        this.arguments = arguments;
    }

    static void addTo(CelBuilder builder) {
        new Declared(builder)
                .member(
                        "format",
                        SimpleType.STRING,
                        SimpleType.STRING,
                        String.class,
                        ListType.create(SimpleType.DYN),
                        List.class,
                        (pattern, arguments) -> new Formatting(pattern, arguments).run());
    }

    private String run() throws CelEvaluationException {
        for (int at = 0; at < pattern.length(); at++) {
            char c = pattern.charAt(at);
            if (c != '%') {
                text.append(c);
                continue;
            }
            int precision = 6;
            at++;
            if (at < pattern.length() && pattern.charAt(at) == '.') {
                int start = ++at;
                while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                    at++;
                }
                if (at == start || at - start > 2) {
                    throw ListFunctions.failure("could not parse formatting clause: invalid precision");
                }
                precision = Integer.parseInt(pattern.substring(start, at));
            }
            if (at >= pattern.length()) {
                throw ListFunctions.failure("could not parse formatting clause: unexpected end of string");
            }
            clause(pattern.charAt(at), precision);
        }
        return text.toString();
    }

    private void clause(char verb, int precision) throws CelEvaluationException {
        if (verb == '%') {
            text.append('%');
            return;
        }
        if (next >= arguments.size()) {
            throw ListFunctions.failure("index " + next + " out of range");
        }
        Object value = arguments.get(next++);
        switch (verb) {
            case 's' -> append(value);
            case 'd' -> text.append(number(value, verb).toString());
            case 'f' ->
                text.append(decimal(value)
                        .setScale(precision, RoundingMode.HALF_EVEN)
                        .toPlainString());
            case 'e' -> text.append(String.format(Locale.ROOT, "%." + precision + "e", decimal(value)));
            case 'b' ->
                text.append(
                        value instanceof Boolean flag ? (flag ? "1" : "0") : Long.toBinaryString(whole(value, verb)));
            case 'o' -> text.append(Long.toOctalString(whole(value, verb)));
            case 'x' -> text.append(hex(value));
            case 'X' -> text.append(hex(value).toUpperCase(Locale.ROOT));
            default ->
                throw ListFunctions.failure(
                        "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
        }
    }

    private void append(Object value) {
        switch (value) {
            case List<?> list -> {
                text.append('[');
                for (int i = 0; i < list.size(); i++) {
                    text.append(i == 0 ? "" : ", ");
                    append(list.get(i));
                }
                text.append(']');
            }
            case Map<?, ?> map -> {
                text.append('{');
                int start = text.length();
                map.forEach((key, entry) -> {
                    text.append(text.length() == start ? "" : ", ");
                    append(key);
                    text.append(": ");
                    append(entry);
                });
                text.append('}');
            }
            case CelByteString bytes -> text.append(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
            default -> text.append(value);
        }
    }

    private static Number number(Object value, char verb) throws CelEvaluationException {
        if (value instanceof Number number) {
            return number;
        }
        throw ListFunctions.failure("error during formatting: '" + verb + "' needs a number");
    }

    private static long whole(Object value, char verb) throws CelEvaluationException {
        return number(value, verb).longValue();
    }

    private static BigDecimal decimal(Object value) throws CelEvaluationException {
        double number = number(value, 'f').doubleValue();
        if (!Double.isFinite(number)) {
            throw ListFunctions.failure("error during formatting: not a finite number");
        }
        return BigDecimal.valueOf(number);
    }

    private static String hex(Object value) throws CelEvaluationException {
        return switch (value) {
            case String string -> HexFormat.of().formatHex(string.getBytes(StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            default -> Long.toHexString(whole(value, 'x'));
        };
    }
}
