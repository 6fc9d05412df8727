package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/** There is no certificate for an identity now; the message says why the authority gave none. */
public final class CertificateUnavailableException extends Exception {
    private final String reason;

    public CertificateUnavailableException(SpiffeId identity, String reason, @Nullable Throwable cause) {
        super("no certificate for " + identity + ": " + reason, cause, false, false);
        this.reason = reason;
    }

    /** The message without the identity. */
    public String reason() {
        return reason;
    }
}
