package dev.gossamer.pki.issue;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import org.jspecify.annotations.Nullable;

/** Decides whose certificate a caller may have. Thread-safe. */
@FunctionalInterface
public interface CallerAuthorizer {
    /**
     * Returns the identity to issue for; may wait, as it is called on a virtual thread of the call.
     *
     * @param impersonated whom the caller speaks for, as it says; absent: itself
     * @throws CallerRejectedException if it may not: it is told only that it is not authenticated
     */
    SpiffeId authorize(CallerCredentials credentials, @Nullable SpiffeId impersonated)
            throws CallerRejectedException, InterruptedException;
}
