package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.Svid;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The certificates of a node's workloads, each renewed until it is released. Thread-safe; no method waits. */
public final class CertificateStore implements AutoCloseable {
    private final CertificateSource source;
    private final Timer timer;
    private final TimeSource time;

    public CertificateStore(CertificateSource source, Timer timer, TimeSource time) {
        this.source = source;
        this.timer = timer;
        this.time = time;
    }

    /** The certificate if it is at hand and valid: for the fast path on an event loop. */
    public @Nullable Svid current(SpiffeId identity) {
        throw new UnsupportedOperationException(source + "" + timer + time + identity);
    }

    /**
     * The certificate, asked for if need be, ahead of all that is not waited for.
     *
     * <p>Fails with {@link CertificateUnavailableException}, at once if the last try failed and the next is not due.
     * Completes on whatever thread the source completes on.
     */
    public CompletableFuture<Svid> get(SpiffeId identity) {
        throw new UnsupportedOperationException(identity.toString());
    }

    /** Asks for the certificate of a workload that is about to need it. */
    public void prefetch(SpiffeId identity) {
        throw new UnsupportedOperationException(identity.toString());
    }

    /** Forgets a certificate: the last workload of the identity is gone. */
    public void release(SpiffeId identity) {
        throw new UnsupportedOperationException(identity.toString());
    }

    /** For {@code /config_dump}, ordered by identity. */
    public List<CertificateStatus> statuses() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
