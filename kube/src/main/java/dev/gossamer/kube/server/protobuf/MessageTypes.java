package dev.gossamer.kube.server.protobuf;

import com.google.protobuf.WireFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The message types that can be read, from the table {@code messages.txt}: a line per message, {@code Name: number name
 * form, …}.
 *
 * <p>Immutable.
 */
final class MessageTypes {
    /** How a field's value is written, and what it becomes in JSON. */
    enum Form {
        TEXT,
        BYTES,
        FLAG,
        INTEGER,
        TEXTS,
        INTEGERS,
        TEXT_MAP,
        BYTES_MAP,
        QUANTITY_MAP,
        TIME,
        INT_OR_TEXT,
        MESSAGE,
        MESSAGES
    }

    /** Immutable. */
    record Field(String name, Form form, String typeName, boolean keepEmpty) {
        int wireType() {
            return switch (form) {
                case FLAG, INTEGER, INTEGERS -> WireFormat.WIRETYPE_VARINT;
                case TEXT, BYTES, TEXTS, TEXT_MAP, BYTES_MAP, QUANTITY_MAP, TIME, INT_OR_TEXT, MESSAGE, MESSAGES ->
                    WireFormat.WIRETYPE_LENGTH_DELIMITED;
            };
        }

        MessageType type() {
            return Objects.requireNonNull(ALL.get(typeName));
        }
    }

    /** Immutable. */
    record MessageType(Map<Integer, Field> fields) {
        @Nullable
        Field field(int number) {
            return fields.get(number);
        }
    }

    private static final Map<String, MessageType> ALL = load();

    static final MessageType TYPE_META = Objects.requireNonNull(ALL.get("TypeMeta"));

    private MessageTypes() {}

    /** Null for a kind that cannot be read; the types of parts are not kinds. */
    static @Nullable MessageType ofKind(String kind) {
        var type = ALL.get(kind);
        boolean object = type != null
                && (kind.endsWith("Options")
                        || type.fields().values().stream()
                                .anyMatch(field -> field.typeName().equals("ObjectMeta")));
        return object ? type : null;
    }

    private static Map<String, MessageType> load() {
        var types = new HashMap<String, MessageType>();
        try (var in = Objects.requireNonNull(MessageTypes.class.getResourceAsStream("messages.txt"));
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                int colon = line.indexOf(':');
                if (!line.startsWith("#") && colon > 0) {
                    types.put(line.substring(0, colon), message(line.substring(colon + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("messages.txt cannot be read", e);
        }
        types.values()
                .forEach(type -> type.fields().values().forEach(field -> {
                    if (!field.typeName().isEmpty() && !types.containsKey(field.typeName())) {
                        throw new IllegalStateException("messages.txt does not define " + field.typeName());
                    }
                }));
        return Map.copyOf(types);
    }

    private static MessageType message(String text) {
        var fields = new HashMap<Integer, Field>();
        for (var part : text.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            var words = part.strip().split(" ");
            fields.put(Integer.valueOf(words[0]), field(words[1], words[2]));
        }
        return new MessageType(Map.copyOf(fields));
    }

    private static Field field(String name, String form) {
        return switch (form) {
            case "text" -> new Field(name, Form.TEXT, "", false);
            case "bytes" -> new Field(name, Form.BYTES, "", false);
            case "flag" -> new Field(name, Form.FLAG, "", true);
            case "flag?" -> new Field(name, Form.FLAG, "", false);
            case "int" -> new Field(name, Form.INTEGER, "", true);
            case "int?" -> new Field(name, Form.INTEGER, "", false);
            case "text[]" -> new Field(name, Form.TEXTS, "", false);
            case "int[]" -> new Field(name, Form.INTEGERS, "", false);
            case "text{}" -> new Field(name, Form.TEXT_MAP, "", false);
            case "bytes{}" -> new Field(name, Form.BYTES_MAP, "", false);
            case "quantity{}" -> new Field(name, Form.QUANTITY_MAP, "", false);
            case "time" -> new Field(name, Form.TIME, "", false);
            case "int|text" -> new Field(name, Form.INT_OR_TEXT, "", false);
            default -> {
                boolean many = form.endsWith("[]");
                boolean keep = form.endsWith("!");
                var type = many ? form.substring(0, form.length() - 2) : form.replace("!", "");
                yield new Field(name, many ? Form.MESSAGES : Form.MESSAGE, type, keep);
            }
        };
    }
}
