package dev.gossamer.pki.issue;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.TrustRoots;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What an authority signs with. Immutable.
 *
 * @param chain the signing certificate, then what leads from it to a root; a self-signed authority's is the root itself
 * @param roots what those who are issued certificates trust
 */
public record SigningCredentials(List<X509Certificate> chain, PrivateKey privateKey, TrustRoots roots) {
    public SigningCredentials {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an authority without a certificate");
        }
    }

    /**
     * Reads what Istio keeps in {@code istio-ca-secret} or {@code cacerts}.
     *
     * @param chain {@code cert-chain.pem}; may be empty where {@code certificate} is a root
     * @param roots {@code root-cert.pem}; empty: {@code certificate} is the root
     * @throws InvalidPemException if one cannot be read or they do not fit together: the operator's to mend
     */
    public static SigningCredentials ofPem(byte[] certificate, byte[] privateKey, byte[] chain, byte[] roots)
            throws InvalidPemException {
        throw new UnsupportedOperationException(Pem.certificates(certificate).toString());
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    public boolean isSelfSigned() {
        return certificate().getSubjectX500Principal().equals(certificate().getIssuerX500Principal());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SigningCredentials[" + certificate().getSubjectX500Principal() + ", until "
                + certificate().getNotAfter().toInstant() + "]";
    }
}
