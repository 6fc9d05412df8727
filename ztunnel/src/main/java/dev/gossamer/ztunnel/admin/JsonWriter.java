package dev.gossamer.ztunnel.admin;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, collections, texts, numbers and flags as indented JSON.
 *
 * <p>A library would cost this process more memory than what it writes. Stateless.
 */
final class JsonWriter {
    private static final String INDENT = "  ";

    private JsonWriter() {}

    static String write(Object value) {
        var out = new StringBuilder(16_384);
        append(value, 0, out);
        return out.append('\n').toString();
    }

    private static void append(@Nullable Object value, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> appendMap(map, depth, out);
            case Collection<?> collection -> appendCollection(collection, depth, out);
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> appendText(value.toString(), out);
        }
    }

    private static void appendMap(Map<?, ?> map, int depth, StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (var entry : map.entrySet()) {
            out.append(first ? "" : ",");
            first = false;
            newLine(depth + 1, out);
            appendText(String.valueOf(entry.getKey()), out);
            out.append(": ");
            append(entry.getValue(), depth + 1, out);
        }
        if (!first) {
            newLine(depth, out);
        }
        out.append('}');
    }

    private static void appendCollection(Collection<?> collection, int depth, StringBuilder out) {
        out.append('[');
        boolean first = true;
        for (var item : collection) {
            out.append(first ? "" : ",");
            first = false;
            newLine(depth + 1, out);
            append(item, depth + 1, out);
        }
        if (!first) {
            newLine(depth, out);
        }
        out.append(']');
    }

    private static void newLine(int depth, StringBuilder out) {
        out.append('\n').repeat(INDENT, depth);
    }

    /** RFC 8259, section 7. */
    private static void appendText(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
