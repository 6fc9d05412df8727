package dev.gossamer.pki.issue;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** The certificate by which the control plane itself is known, with DNS names. Immutable. */
public record ServerCredentials(List<X509Certificate> chain, PrivateKey privateKey) {
    public ServerCredentials {
        chain = List.copyOf(chain);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ServerCredentials[until " + chain.getFirst().getNotAfter().toInstant() + "]";
    }
}
