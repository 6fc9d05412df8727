package dev.gossamer.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.gossamer.proto.DiscoveryProto.DeltaDiscoveryResponse;
import dev.gossamer.proto.DiscoveryProto.Resource;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.io.IOException;

/** How a response is laid out on the wire, by the field numbers of the generated classes. Stateless. */
final class ResponseLayout {
    private ResponseLayout() {}

    static int size(DeltaResponse response) {
        long size = textSize(DeltaDiscoveryResponse.SYSTEM_VERSION_INFO_FIELD_NUMBER, response.systemVersion())
                + textSize(
                        DeltaDiscoveryResponse.TYPE_URL_FIELD_NUMBER,
                        response.type().value())
                + textSize(DeltaDiscoveryResponse.NONCE_FIELD_NUMBER, response.nonce());
        for (var resource : response.resources()) {
            size += nestedSize(DeltaDiscoveryResponse.RESOURCES_FIELD_NUMBER, resourceSize(response.type(), resource));
        }
        for (var name : response.removed()) {
            size += CodedOutputStream.computeStringSize(DeltaDiscoveryResponse.REMOVED_RESOURCES_FIELD_NUMBER, name);
        }
        return Math.toIntExact(size);
    }

    static void write(DeltaResponse response, CodedOutputStream out) throws IOException {
        writeText(DeltaDiscoveryResponse.SYSTEM_VERSION_INFO_FIELD_NUMBER, response.systemVersion(), out);
        for (var resource : response.resources()) {
            out.writeTag(DeltaDiscoveryResponse.RESOURCES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(resourceSize(response.type(), resource));
            write(response.type(), resource, out);
        }
        writeText(DeltaDiscoveryResponse.TYPE_URL_FIELD_NUMBER, response.type().value(), out);
        writeText(DeltaDiscoveryResponse.NONCE_FIELD_NUMBER, response.nonce(), out);
        for (var name : response.removed()) {
            out.writeString(DeltaDiscoveryResponse.REMOVED_RESOURCES_FIELD_NUMBER, name);
        }
    }

    private static void write(TypeUrl type, Versioned resource, CodedOutputStream out) throws IOException {
        writeText(Resource.VERSION_FIELD_NUMBER, resource.version(), out);
        out.writeTag(Resource.RESOURCE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(anySize(type, resource));
        out.writeString(Any.TYPE_URL_FIELD_NUMBER, type.value());
        out.writeBytes(Any.VALUE_FIELD_NUMBER, resource.payload());
        writeText(Resource.NAME_FIELD_NUMBER, resource.name(), out);
        for (var alias : resource.aliases()) {
            out.writeString(Resource.ALIASES_FIELD_NUMBER, alias);
        }
    }

    private static int resourceSize(TypeUrl type, Versioned resource) {
        int size = textSize(Resource.VERSION_FIELD_NUMBER, resource.version())
                + nestedSize(Resource.RESOURCE_FIELD_NUMBER, anySize(type, resource))
                + textSize(Resource.NAME_FIELD_NUMBER, resource.name());
        for (var alias : resource.aliases()) {
            size += CodedOutputStream.computeStringSize(Resource.ALIASES_FIELD_NUMBER, alias);
        }
        return size;
    }

    private static int anySize(TypeUrl type, Versioned resource) {
        return CodedOutputStream.computeStringSize(Any.TYPE_URL_FIELD_NUMBER, type.value())
                + CodedOutputStream.computeBytesSize(Any.VALUE_FIELD_NUMBER, resource.payload());
    }

    private static int nestedSize(int field, int size) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    /** An empty text is left out, as proto3 has it. */
    private static int textSize(int field, String text) {
        return text.isEmpty() ? 0 : CodedOutputStream.computeStringSize(field, text);
    }

    private static void writeText(int field, String text, CodedOutputStream out) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(field, text);
        }
    }
}
