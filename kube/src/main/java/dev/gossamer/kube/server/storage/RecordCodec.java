package dev.gossamer.kube.server.storage;

import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change as bytes: length, CRC-32C of the rest, then JSON. Immutable.
 *
 * <p>JSON, so that an operator can read what a damaged directory still holds.
 */
final class RecordCodec {
    /** Twice what a client may send: managedFields and defaults come on top. */
    private static final int MAX_RECORD_BYTES = 8 << 20;

    /** {@code object} is absent where the object was deleted; {@code bytes} is the whole record's size. Immutable. */
    record Read(Key key, long version, @Nullable ObjectNode object, long bytes) {}

    /** The bytes stop making sense here: the end of a write that a crash cut off. */
    static final class TornException extends IOException {
        TornException(String message) {
            super(message);
        }
    }

    private RecordCodec() {}

    static void write(ByteArrayOutputStream out, Key key, long version, @Nullable ObjectNode object) {
        var node = Json.object()
                .put("version", version)
                .put("resource", key.resource())
                .put("namespace", key.namespace())
                .put("name", key.name());
        if (object != null) {
            node.set("object", object);
        }
        var body = Json.bytes(node);
        var data = new DataOutputStream(out);
        try {
            data.writeInt(body.length);
            data.writeInt(crc(body));
            data.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /** The next record, or null at a clean end. */
    static @Nullable Read read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        try {
            int length = (first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            if (length <= 0 || length > MAX_RECORD_BYTES) {
                throw new TornException("a record of " + length + " bytes");
            }
            int crc = in.readInt();
            var body = in.readNBytes(length);
            if (body.length < length || crc(body) != crc) {
                throw new TornException("a record whose checksum does not match");
            }
            return parse(body);
        } catch (EOFException e) {
            throw new TornException("half a record");
        }
    }

    private static Read parse(byte[] body) throws IOException {
        try {
            var node = JsonReader.json(body).root();
            var key = new Key(Json.text(node, "resource"), Json.text(node, "namespace"), Json.text(node, "name"));
            return new Read(key, Json.number(node, 0, "version"), Json.child(node, "object"), 8L + body.length);
        } catch (MalformedJsonException e) {
            // The checksum was right, so this is what was written: a bug, or another program's file.
            throw new IOException("a journal record is not JSON: " + e.getMessage(), e);
        }
    }

    private static int crc(byte[] body) {
        var crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }
}
