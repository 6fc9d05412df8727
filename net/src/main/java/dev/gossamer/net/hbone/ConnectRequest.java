package dev.gossamer.net.hbone;

import dev.gossamer.core.identity.SpiffeId;
import java.net.InetSocketAddress;

/**
 * What a peer asks of a server. Immutable.
 *
 * @param method as sent; whatever is not {@code CONNECT} is to be rejected with 400
 * @param authority as sent, unchecked: where to connect to
 * @param peer who asks, as TLS established
 * @param remote the peer's end of the TCP connection
 * @param local this side's end
 */
public record ConnectRequest(
        String method,
        String authority,
        HboneHeaders headers,
        SpiffeId peer,
        InetSocketAddress remote,
        InetSocketAddress local) {}
