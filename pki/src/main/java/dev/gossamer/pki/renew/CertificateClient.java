package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks a control plane's authority for certificates, each with a new key. Thread-safe. */
public final class CertificateClient implements CertificateSource, AutoCloseable {
    /** For whom certificates are asked. */
    public enum Mode {
        /** For the workloads of a node, of which the caller is the proxy. */
        IMPERSONATING,
        /** For the caller itself. */
        OWN
    }

    private final ControlPlaneAccess access;
    private final Mode mode;
    private final Duration validity;
    private final Executor worker;

    /** {@code worker}: runs what waits, that is reading files and making keys. */
    public CertificateClient(ControlPlaneAccess access, Mode mode, Duration validity, Executor worker) {
        this.access = access;
        this.mode = mode;
        this.validity = validity;
        this.worker = worker;
    }

    @Override
    public CompletableFuture<Svid> request(SpiffeId identity) {
        throw new UnsupportedOperationException(access + "" + mode + validity + worker);
    }

    @Override
    public void close() {}
}
