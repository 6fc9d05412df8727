package dev.gossamer.pki;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The certificates that every chain must end at; several while a root is being replaced. Immutable. */
public record TrustRoots(List<X509Certificate> certificates) {
    public TrustRoots {
        certificates = List.copyOf(new LinkedHashSet<>(certificates));
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no root certificate");
        }
    }

    /**
     * Reads one or more certificates.
     *
     * @throws InvalidPemException if there is none or one cannot be read: whoever supplied the text is to blame
     */
    public static TrustRoots ofPem(byte[] pem) throws InvalidPemException {
        return new TrustRoots(Pem.certificates(pem));
    }

    public byte[] pem() {
        return Pem.encode(certificates);
    }

    Set<TrustAnchor> anchors() {
        return certificates.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toUnmodifiableSet());
    }
}
