package dev.gossamer.kube.server.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.protobuf.MessageTypes.Field;
import dev.gossamer.kube.server.protobuf.MessageTypes.MessageType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads objects in Kubernetes' protobuf envelope: {@code k8s\0}, then a {@code runtime.Unknown} with the type and the
 * object's bytes.
 *
 * <p>Immutable.
 */
public final class ProtobufReader {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ELEMENTS = 100_000;

    private int depth;
    private int elements;

    private ProtobufReader() {}

    /**
     * Reads an object.
     *
     * @throws ApiException if the bytes are damaged, or of a kind that is not known in this form
     */
    public static ObjectNode read(byte[] bytes) throws ApiException {
        if (bytes.length < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw ApiException.badRequest("the body of the request does not begin as protobuf objects do");
        }
        try {
            return new ProtobufReader()
                    .envelope(CodedInputStream.newInstance(bytes, MAGIC.length, bytes.length - MAGIC.length));
        } catch (InvalidProtocolBufferException e) {
            throw ApiException.badRequest("the protobuf body of the request cannot be read: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private ObjectNode envelope(CodedInputStream in) throws IOException, ApiException {
        var typeMeta = Json.object();
        byte[] raw = {};
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> message(nested(in), MessageTypes.TYPE_META, typeMeta);
                case 2 -> raw = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        var kind = Json.text(typeMeta, "kind");
        var type = MessageTypes.ofKind(kind);
        if (type == null) {
            throw ApiException.of(
                    Reason.UNSUPPORTED_MEDIA_TYPE,
                    "objects of kind \"" + kind + "\" are not read in protobuf: send application/json");
        }
        var object = Json.object()
                .put("apiVersion", Json.text(typeMeta, "apiVersion"))
                .put("kind", kind);
        message(CodedInputStream.newInstance(raw), type, object);
        return object;
    }

    private static CodedInputStream nested(CodedInputStream in) throws IOException {
        return CodedInputStream.newInstance(in.readByteArray());
    }

    private void message(CodedInputStream in, MessageType type, ObjectNode into) throws IOException, ApiException {
        if (++depth > MAX_DEPTH) {
            throw ApiException.badRequest("the protobuf body of the request nests deeper than " + MAX_DEPTH);
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (++elements > MAX_ELEMENTS) {
                throw ApiException.badRequest(
                        "the protobuf body of the request has more than " + MAX_ELEMENTS + " fields");
            }
            var field = type.field(WireFormat.getTagFieldNumber(tag));
            if (field == null || field.wireType() != WireFormat.getTagWireType(tag)) {
                in.skipField(tag);
            } else {
                value(in, field, into);
            }
        }
        depth--;
    }

    private void value(CodedInputStream in, Field field, ObjectNode into) throws IOException, ApiException {
        var name = field.name();
        switch (field.form()) {
            case TEXT -> putUnlessEmpty(into, name, in.readStringRequireUtf8());
            case BYTES -> into.put(name, base64(in.readByteArray()));
            case FLAG -> {
                boolean flag = in.readBool();
                if (flag || field.keepEmpty()) {
                    into.put(name, flag);
                }
            }
            case INTEGER -> {
                long number = in.readInt64();
                if (number != 0 || field.keepEmpty()) {
                    into.put(name, number);
                }
            }
            case TEXTS -> Json.ensureArray(into, name).add(in.readStringRequireUtf8());
            case INTEGERS -> Json.ensureArray(into, name).add(in.readInt64());
            case TEXT_MAP -> {
                var entry = entry(nested(in), false);
                Json.ensureObject(into, name).put(Json.text(entry, "key"), Json.text(entry, "value"));
            }
            case BYTES_MAP -> {
                var entry = entry(nested(in), true);
                var value = entry.get("value");
                Json.ensureObject(into, name).set(Json.text(entry, "key"), value);
            }
            case QUANTITY_MAP -> quantity(nested(in), Json.ensureObject(into, name));
            case TIME -> time(nested(in), into, name);
            case INT_OR_TEXT -> intOrText(nested(in), into, name);
            case MESSAGE -> {
                var below = into.get(name) instanceof ObjectNode present ? present : Json.object();
                message(nested(in), field.type(), below);
                // Go writes structs that hold nothing; in JSON they are left out.
                if (!below.isEmpty() || field.keepEmpty()) {
                    into.set(name, below);
                }
            }
            case MESSAGES ->
                message(nested(in), field.type(), Json.ensureArray(into, name).addObject());
        }
    }

    private static ObjectNode entry(CodedInputStream in, boolean binary) throws IOException {
        var entry = Json.object();
        entry.put("key", "").put("value", "");
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> entry.put("key", in.readStringRequireUtf8());
                case 2 -> {
                    if (binary) {
                        entry.put("value", base64(in.readByteArray()));
                    } else {
                        entry.put("value", in.readStringRequireUtf8());
                    }
                }
                default -> in.skipField(tag);
            }
        }
        return entry;
    }

    /** As text, not as a node of bytes: what is stored must equal what is read from JSON. */
    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void quantity(CodedInputStream in, ObjectNode into) throws IOException {
        var key = "";
        var value = "0";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readStringRequireUtf8();
                case 2 -> value = Json.text(entry(nested(in), false), "key");
                default -> in.skipField(tag);
            }
        }
        into.put(key, value);
    }

    private static void time(CodedInputStream in, ObjectNode into, String name) throws IOException, ApiException {
        long seconds = 0;
        long nanos = 0;
        boolean any = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            any = true;
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> seconds = in.readInt64();
                case 2 -> nanos = in.readInt32();
                default -> in.skipField(tag);
            }
        }
        if (any) {
            try {
                into.put(name, Instant.ofEpochSecond(seconds, nanos).toString());
            } catch (DateTimeException | ArithmeticException e) {
                throw ApiException.badRequest(name + " is not a time: " + seconds + " s");
            }
        }
    }

    private static void intOrText(CodedInputStream in, ObjectNode into, String name) throws IOException {
        long type = 0;
        long number = 0;
        var text = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> type = in.readInt64();
                case 2 -> number = in.readInt64();
                case 3 -> text = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
        if (type == 1) {
            into.put(name, text);
        } else {
            into.put(name, number);
        }
    }

    private static void putUnlessEmpty(ObjectNode into, String name, String text) {
        if (!text.isEmpty()) {
            into.put(name, text);
        }
    }
}
