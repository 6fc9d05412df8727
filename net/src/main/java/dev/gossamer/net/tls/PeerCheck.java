package dev.gossamer.net.tls;

import dev.gossamer.core.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.util.List;

/** Decides in the middle of a handshake whether to talk to a peer. Runs on an event loop: it computes, never waits. */
@FunctionalInterface
public interface PeerCheck {
    /**
     * Returns who the peer is.
     *
     * @param chain as the peer sent it, leaf first, at least one
     * @throws PeerRejectedException if the chain does not lead to a trusted root, or is somebody else's: the peer's
     *     fault
     */
    SpiffeId check(List<X509Certificate> chain) throws PeerRejectedException;
}
