package dev.gossamer.xds.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.gossamer.proto.DiscoveryProto;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Responses.
 *
 * <p>Written field by field: the serialized resources are shared by all sessions and go to the socket's buffers
 * without an intermediate copy of the whole message. Thread-safe.
 */
final class ResponseMarshaller implements Marshaller<DeltaResponse> {
    @Override
    public InputStream stream(DeltaResponse response) {
        return new ResponseStream(response);
    }

    @Override
    public DeltaResponse parse(InputStream stream) {
        try {
            // Payloads are slices of this one array, and live no longer than it takes to apply the response.
            var input = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
            input.enableAliasing(true);
            return decode(input);
        } catch (InvalidProtocolBufferException e) {
            throw Status.INTERNAL
                    .withDescription("not a DeltaDiscoveryResponse: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /** The whole mesh may be in it: without a second copy where the length is known. */
    private static byte[] bytes(InputStream stream) throws IOException {
        if (!(stream instanceof KnownLength)) {
            return stream.readAllBytes();
        }
        var bytes = new byte[stream.available()];
        if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException("a message shorter than its length");
        }
        return bytes;
    }

    private static DeltaResponse decode(CodedInputStream input) throws IOException {
        var message = DiscoveryProto.DeltaDiscoveryResponse.parseFrom(input);
        input.checkLastTagWas(0);
        var resources = new ArrayList<Versioned>(message.getResourcesCount());
        for (var resource : message.getResourcesList()) {
            resources.add(new Versioned(
                    resource.getName(),
                    resource.getVersion(),
                    resource.getResource().getValue(),
                    resource.getAliasesList(),
                    List.of()));
        }
        return new DeltaResponse(
                new TypeUrl(message.getTypeUrl()),
                message.getSystemVersionInfo(),
                message.getNonce(),
                resources,
                message.getRemovedResourcesList());
    }

    /** A response on its way to the wire. Confined to the call that sends it. */
    private static final class ResponseStream extends InputStream implements KnownLength, Drainable {
        private final DeltaResponse response;
        private final int size;
        private boolean drained;
        /** Only for who reads instead of draining: in-process transports and tests. */
        private @Nullable InputStream copy;

        ResponseStream(DeltaResponse response) {
            this.response = response;
            this.size = ResponseLayout.size(response);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            if (drained) {
                return 0;
            }
            drained = true;
            var out = CodedOutputStream.newInstance(target);
            ResponseLayout.write(response, out);
            out.flush();
            return size;
        }

        @Override
        public int available() throws IOException {
            if (copy != null) {
                return copy.available();
            }
            return drained ? 0 : size;
        }

        @Override
        public int read() throws IOException {
            return bytes().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return bytes().read(target, offset, length);
        }

        private InputStream bytes() throws IOException {
            if (copy == null) {
                var out = new ByteArrayOutputStream(size);
                var unused = drainTo(out);
                copy = new ByteArrayInputStream(out.toByteArray());
            }
            return copy;
        }
    }
}
