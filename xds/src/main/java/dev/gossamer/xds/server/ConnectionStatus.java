package dev.gossamer.xds.server;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.xds.delta.TypeUrl;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far one connected proxy is. Immutable. */
public record ConnectionStatus(
        String nodeId, SpiffeId identity, String remoteAddress, Instant connectedAt, Map<TypeUrl, Subscription> types) {
    public ConnectionStatus {
        types = Map.copyOf(types);
    }

    /**
     * One type on the connection. Immutable.
     *
     * @param sentVersion of the snapshot that the last response brought the proxy to; 0: none yet
     * @param ackedVersion of the last snapshot that it accepted
     * @param error what it refused in its last answer, in its words
     */
    public record Subscription(
            boolean wildcard,
            int resources,
            long sentVersion,
            long ackedVersion,
            String lastNonce,
            @Nullable String error) {}
}
