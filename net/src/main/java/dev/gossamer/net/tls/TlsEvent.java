package dev.gossamer.net.tls;

import dev.gossamer.core.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.List;

/** What {@link TlsHandler} tells the handlers after it, as a user event. Immutable. */
public sealed interface TlsEvent {
    /** The handshake is complete, HTTP/2 is agreed on, and this is who the peer is. */
    record Established(SpiffeId peer, List<X509Certificate> peerChain) implements TlsEvent {
        public Established {
            peerChain = List.copyOf(peerChain);
        }
    }

    /** TLS failed, in the handshake or later; the handler closes the channel by itself. */
    record Failed(String reason) implements TlsEvent {}
}
