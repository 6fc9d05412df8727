package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.Svid;
import java.util.concurrent.CompletableFuture;

/** Where certificates come from. Thread-safe. */
@FunctionalInterface
public interface CertificateSource {
    /** Asks for a new certificate; returns at once. Fails with {@link CertificateUnavailableException}. */
    CompletableFuture<Svid> request(SpiffeId identity);
}
