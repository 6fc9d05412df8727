package dev.gossamer.pki;

import dev.gossamer.core.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A workload's certificate with its key and the roots that came with it. Immutable.
 *
 * @param chain the leaf, then its intermediates, without a root: what a TLS handshake sends
 * @param roots what the workload trusts while it uses this certificate
 */
public record Svid(SpiffeId identity, List<X509Certificate> chain, PrivateKey privateKey, TrustRoots roots) {
    public Svid {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a certificate chain without a certificate for " + identity);
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        var end = leaf().getNotAfter().toInstant();
        for (var certificate : chain) {
            var other = certificate.getNotAfter().toInstant();
            end = other.isBefore(end) ? other : end;
        }
        return end;
    }

    public boolean isValidAt(Instant moment) {
        return !moment.isBefore(notBefore()) && moment.isBefore(notAfter());
    }

    /** The chain in PEM, leaf first. */
    public byte[] chainPem() {
        return Pem.encode(chain);
    }

    /** The key in PKCS#8 PEM. Whoever gets it wipes it after use. */
    public byte[] privateKeyPem() {
        return Pem.encode(privateKey);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Svid[" + identity + ", serial " + leaf().getSerialNumber().toString(16) + ", until " + notAfter() + "]";
    }
}
