package dev.gossamer.xds.server;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;

/** Says who opened a discovery stream. Thread-safe. */
@FunctionalInterface
public interface StreamAuthenticator {
    /**
     * Returns who the caller is; may wait, as it is called on the session's virtual thread.
     *
     * @throws CallerRejectedException if that cannot be told: the caller learns only that it is not authenticated
     */
    SpiffeId authenticate(CallerCredentials credentials) throws CallerRejectedException, InterruptedException;
}
