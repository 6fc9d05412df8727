package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.Svid;
import org.jspecify.annotations.Nullable;

/** How things stand with one identity's certificate. Immutable. */
public sealed interface CertificateStatus {
    SpiffeId identity();

    /** Asked for, for the first time. */
    record Initializing(SpiffeId identity, Priority priority) implements CertificateStatus {}

    /** {@code renewalError}: why the last renewal failed; the certificate is still good. */
    record Available(SpiffeId identity, Svid svid, @Nullable String renewalError) implements CertificateStatus {}

    /** Not to be had; a retry is scheduled. */
    record Unavailable(SpiffeId identity, String error) implements CertificateStatus {}

    /** Whose need goes first where many certificates are asked for at once. */
    enum Priority {
        /** A connection waits for it. */
        REAL_TIME,
        /** A workload appeared, and will connect soon. */
        WARMUP,
        /** A renewal. */
        BACKGROUND
    }
}
