package dev.gossamer.kube.schema;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Objects as rules see them: typed by the schema, and with names that are identifiers of the language. Stateless. */
final class RuleValues {
    /** Words that cannot be field names in an expression; a field of that name is written {@code __namespace__}. */
    private static final Set<String> RESERVED = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private RuleValues() {}

    static Object of(SchemaNode schema, JsonNode value, boolean resource) {
        return switch (value.getNodeType()) {
            case OBJECT -> object(schema, value, resource || schema.behaviour().embeddedResource());
            case ARRAY -> list(schema, value);
            case STRING, BINARY -> text(schema, value.asString());
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(schema, value);
            case NULL, MISSING, POJO -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> object(SchemaNode schema, JsonNode object, boolean resource) {
        var result = new LinkedHashMap<String, Object>();
        boolean open =
                schema.structure().properties().isEmpty() && schema.behaviour().preserveUnknown();
        for (var entry : object.properties()) {
            String name = entry.getKey();
            var known = schema.property(name);
            var additional = schema.structure().additional();
            if (resource && name.equals("metadata")) {
                result.put(name, named(entry.getValue()));
            } else if (resource && (name.equals("apiVersion") || name.equals("kind"))) {
                result.put(name, raw(entry.getValue()));
            } else if (known != null) {
                result.put(escape(name), of(known, entry.getValue(), false));
            } else if (additional != null) {
                result.put(name, of(additional, entry.getValue(), false));
            } else if (open) {
                result.put(name, raw(entry.getValue()));
            }
        }
        return result;
    }

    /** Rules see no more of an object's metadata than its name. */
    private static Map<String, Object> named(JsonNode metadata) {
        var result = new LinkedHashMap<String, Object>();
        for (String name : List.of("name", "generateName")) {
            if (metadata.has(name)) {
                result.put(name, raw(metadata.get(name)));
            }
        }
        return result;
    }

    private static List<Object> list(SchemaNode schema, JsonNode array) {
        var items = schema.structure().items();
        var result = new ArrayList<Object>(array.size());
        for (var element : array) {
            result.add(items == null ? raw(element) : of(items, element, false));
        }
        return result;
    }

    private static Object number(SchemaNode schema, JsonNode value) {
        if (schema.type() == SchemaType.NUMBER) {
            return Numeric.approximate(value);
        }
        return SchemaType.isWhole(value) && value.canConvertToLong()
                ? (Object) value.longValue()
                : Numeric.approximate(value);
    }

    private static Object text(SchemaNode schema, String text) {
        String format = schema.limits().format();
        if (format == null) {
            return text;
        }
        try {
            return switch (format) {
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "duration" -> duration(text);
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            // What is not of the format has been complained of already; the rule sees it as it is.
            return text;
        }
    }

    /** {@code 1h30m}, as Go writes it. */
    private static Object duration(String text) {
        var total = Duration.ZERO;
        int at = text.startsWith("-") ? 1 : 0;
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            double amount = Double.parseDouble(text.substring(start, at));
            int unit = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            double nanos = amount * nanosOf(text.substring(unit, at));
            total = total.plusNanos(Math.round(nanos));
        }
        return text.startsWith("-") ? total.negated() : total;
    }

    private static double nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> throw new IllegalArgumentException("not a unit of time: " + unit);
        };
    }

    /** A value of which the schema says nothing. */
    private static Object raw(@Nullable JsonNode value) {
        if (value == null) {
            return NullValue.NULL_VALUE;
        }
        return switch (value.getNodeType()) {
            case OBJECT -> {
                var result = new LinkedHashMap<String, Object>();
                value.properties().forEach(entry -> result.put(entry.getKey(), raw(entry.getValue())));
                yield result;
            }
            case ARRAY -> {
                var result = new ArrayList<Object>(value.size());
                value.forEach(element -> result.add(raw(element)));
                yield result;
            }
            case STRING, BINARY -> value.asString();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong()
                        ? (Object) value.longValue()
                        : Numeric.approximate(value);
            case NULL, MISSING, POJO -> NullValue.NULL_VALUE;
        };
    }

    static String escape(String name) {
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
