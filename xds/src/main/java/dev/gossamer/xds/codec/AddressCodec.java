package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import dev.gossamer.xds.delta.Versioned;

/** Between {@code istio.workload.Address} and the mesh's records. Stateless. */
public final class AddressCodec {
    private AddressCodec() {}

    /** Equal resources have equal bytes, and so equal versions. */
    public static Versioned encode(MeshResource resource) {
        throw new UnsupportedOperationException(resource.name());
    }

    /**
     * Reads a serialized {@code Address}.
     *
     * @throws InvalidResourceException for what Istio's node proxy refuses, too
     */
    public static MeshResource decode(ByteString address) throws InvalidResourceException {
        throw new UnsupportedOperationException(address.toString());
    }
}
