package dev.gossamer.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

/** Makes resources out of messages; the version is the hash of the {@code Any} that goes over the wire. Stateless. */
final class Versions {
    private Versions() {}

    static Versioned resource(TypeUrl type, String name, Message message, List<String> aliases, List<String> groups) {
        var payload = serialize(message);
        var any = Any.newBuilder().setTypeUrl(type.value()).setValue(payload).build();
        var version = HexFormat.of().toHexDigits(XxHash64.of(any.toByteString()));
        return new Versioned(name, version, payload, aliases, groups);
    }

    /** With map entries in order, as equal messages must have equal bytes. */
    private static ByteString serialize(Message message) {
        var bytes = new byte[message.getSerializedSize()];
        var out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }
}
