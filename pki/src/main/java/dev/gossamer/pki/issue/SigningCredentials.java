package dev.gossamer.pki.issue;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.TrustRoots;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
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
     * @throws InvalidPemException if one cannot be read: the operator's to mend
     * @throws IssueRefusedException if they do not fit together: the operator's to mend
     */
    public static SigningCredentials ofPem(byte[] certificate, byte[] privateKey, byte[] chain, byte[] roots)
            throws InvalidPemException, IssueRefusedException {
        var own = Pem.certificates(certificate);
        var trusted = roots.length == 0 ? new TrustRoots(List.of(own.getFirst())) : TrustRoots.ofPem(roots);
        var signers = new ArrayList<X509Certificate>();
        signers.add(own.getFirst());
        for (var link : chain.length == 0 ? own : Pem.certificates(chain)) {
            // Operators put the signer itself and the root into the chain, or not.
            if (!signers.contains(link) && !trusted.certificates().contains(link)) {
                signers.add(link);
            }
        }
        var credentials = new SigningCredentials(signers, Pem.privateKey(privateKey), trusted);
        credentials.requireConsistent();
        return credentials;
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Whether the signer is itself a root. */
    public boolean isSelfSigned() {
        return certificate().getSubjectX500Principal().equals(certificate().getIssuerX500Principal());
    }

    /** What a leaf needs beside itself so that whoever has the roots can check it. */
    public List<X509Certificate> intermediates() {
        return chain.stream()
                .filter(link -> !roots.certificates().contains(link))
                .toList();
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        return chain.stream()
                .map(link -> link.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private void requireConsistent() throws IssueRefusedException {
        for (int i = 0; i < chain.size(); i++) {
            var link = chain.get(i);
            if (link.getBasicConstraints() < 0) {
                throw new IssueRefusedException("the authority's certificate '" + link.getSubjectX500Principal()
                        + "' may not sign others: it lacks the basic constraint CA");
            }
            boolean last = i == chain.size() - 1;
            if (last ? !isSignedByRoot(link) : !isSignedBy(link, chain.get(i + 1))) {
                throw new IssueRefusedException("the authority's certificate '" + link.getSubjectX500Principal()
                        + "' was not signed by " + (last ? "a root" : "the next one of the chain"));
            }
        }
        if (!keyFits()) {
            throw new IssueRefusedException("the authority's private key is not that of its certificate");
        }
    }

    private boolean isSignedByRoot(X509Certificate link) {
        return roots.certificates().stream().anyMatch(root -> link.equals(root) || isSignedBy(link, root));
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate signer) {
        try {
            certificate.verify(signer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(signer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean keyFits() {
        try {
            var signature = Signature.getInstance(CertificateTemplate.signatureAlgorithm(privateKey));
            signature.initSign(privateKey);
            signature.update(new byte[] {1});
            var signed = signature.sign();
            signature.initVerify(certificate().getPublicKey());
            signature.update(new byte[] {1});
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SigningCredentials[" + certificate().getSubjectX500Principal() + ", until " + notAfter() + "]";
    }
}
