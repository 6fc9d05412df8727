package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.xds.delta.Versioned;

/** Between {@code istio.security.Authorization} and the mesh's records. Stateless. */
public final class AuthorizationCodec {
    private AuthorizationCodec() {}

    /** Equal policies have equal bytes, and so equal versions. */
    public static Versioned encode(AuthorizationPolicy policy) {
        throw new UnsupportedOperationException(policy.key());
    }

    /**
     * Reads a serialized {@code Authorization}.
     *
     * @throws InvalidResourceException for what Istio's node proxy refuses, too
     */
    public static AuthorizationPolicy decode(ByteString authorization) throws InvalidResourceException {
        throw new UnsupportedOperationException(authorization.toString());
    }
}
