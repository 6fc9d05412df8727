package dev.gossamer.kube.schema;

import dev.gossamer.kube.schema.FieldError.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Collects what is wrong, in an API server's wording, up to a bound. Confined to one validation. */
final class Findings {
    /** More than this helps nobody, and an answer has to have an end. */
    private static final int MAX = 100;

    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> toList() {
        return List.copyOf(errors);
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    boolean isFull() {
        return errors.size() >= MAX;
    }

    int size() {
        return errors.size();
    }

    void addAll(Findings other) {
        other.errors.forEach(this::add);
    }

    void add(FieldError error) {
        if (!isFull()) {
            errors.add(error);
        }
    }

    void add(Reason reason, FieldPath path, String message) {
        if (!isFull()) {
            errors.add(new FieldError(reason, path.toString(), message));
        }
    }

    void addWithoutField(String message) {
        add(new FieldError(Reason.INVALID, FieldError.NO_FIELD, message));
    }

    void required(FieldPath path, String detail) {
        add(Reason.REQUIRED, path, detail.isEmpty() ? "Required value" : "Required value: " + detail);
    }

    void wrongType(FieldPath path, String expected, JsonNode actual) {
        String name = SchemaType.nameOf(actual);
        add(
                Reason.TYPE_INVALID,
                path,
                "Invalid value: " + quote(name) + ": " + inBody(path) + " must be of type " + expected + ": "
                        + quote(name));
    }

    void wrongFormat(FieldPath path, String format, JsonNode actual) {
        add(
                Reason.TYPE_INVALID,
                path,
                "Invalid value: " + shown(actual) + ": " + inBody(path) + " must be of type " + format + ": "
                        + shown(actual));
    }

    /** {@code requirement} continues "spec.x in body": "should be at least 1 chars long". */
    void unmet(FieldPath path, JsonNode actual, String requirement) {
        unmet(path, shown(actual), requirement);
    }

    void unmet(FieldPath path, String shown, String requirement) {
        add(Reason.INVALID, path, "Invalid value: " + shown + ": " + inBody(path) + " " + requirement);
    }

    void notSupported(FieldPath path, JsonNode actual, List<JsonNode> allowed) {
        var words = allowed.stream()
                .limit(50)
                .map(value -> value.isString() ? quote(value.asString()) : quote(value.toString()))
                .toList();
        add(
                Reason.NOT_SUPPORTED,
                path,
                "Unsupported value: " + shown(actual) + ": supported values: " + String.join(", ", words));
    }

    void tooLong(FieldPath path, long most) {
        add(Reason.TOO_LONG, path, "Too long: may not be more than " + most + " bytes");
    }

    void tooMany(FieldPath path, long actual, long most) {
        add(Reason.TOO_MANY, path, "Too many: " + actual + ": must have at most " + most + " items");
    }

    void duplicate(FieldPath path, JsonNode value) {
        add(Reason.DUPLICATE, path, "Duplicate value: " + shown(value));
    }

    /** How messages show a value: quoted if it is text, cut if it is large. */
    static String shown(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "null";
        }
        String text = value.isString() ? value.asString() : value.toString();
        if (text.length() > 1_000) {
            text = text.substring(0, 1_000) + "...";
        }
        return value.isString() ? quote(text) : text;
    }

    static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        quoted.append(String.format("\\x%02x", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private static String inBody(FieldPath path) {
        return path + " in body";
    }
}
