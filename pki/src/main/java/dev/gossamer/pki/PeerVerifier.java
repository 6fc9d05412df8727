package dev.gossamer.pki;

import dev.gossamer.core.identity.InvalidIdentityException;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a peer's chain against the roots of the workload that talks to it, and reads the peer's identity.
 *
 * <p>Names of hosts play no part: who a peer is stands in the one SPIFFE URI of its certificate. Thread-safe.
 */
public final class PeerVerifier {
    private static final int MAX_CHAIN = 10;
    private static final int MAX_CERTIFICATE_BYTES = 16 << 10;
    /** Tag of a subject alternative name (RFC 5280, section 4.2.1.6). */
    private static final int URI_NAME = 6;

    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int MAX_REASON = 300;

    private final TrustRoots roots;
    private final Set<TrustAnchor> anchors;
    private final TimeSource time;

    public PeerVerifier(TrustRoots roots, TimeSource time) {
        this.roots = roots;
        this.anchors = roots.anchors();
        this.time = time;
    }

    /** {@code chain}: as the peer sent it, leaf first. Takes about a millisecond of CPU. */
    public PeerVerification verify(List<X509Certificate> chain, PeerPolicy policy) {
        try {
            checkSize(chain);
            var leaf = chain.getFirst();
            checkLeaf(leaf, policy);
            checkPath(chain);
            var identity = identity(leaf);
            if (!policy.accepts(identity)) {
                throw new Refusal(policy.refusal(identity));
            }
            return new PeerVerification.Verified(identity);
        } catch (Refusal e) {
            return new PeerVerification.Rejected(bounded(e.reason));
        }
    }

    /**
     * The identity that a certificate claims, without any check of who signed it.
     *
     * @throws InvalidIdentityException if it has not exactly one URI among its names, or that is no SPIFFE id
     */
    public static SpiffeId claimedIdentity(X509Certificate certificate) throws InvalidIdentityException {
        String found = null;
        try {
            var names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0) instanceof Integer type && type == URI_NAME) {
                    // Two would leave it to chance which of them one side means (X509-SVID, section 2).
                    found = found == null ? String.valueOf(name.get(1)) : "more than one URI";
                }
            }
        } catch (CertificateParsingException e) {
            found = "names that cannot be parsed";
        }
        return SpiffeId.parse(found == null ? "a certificate without a URI" : found);
    }

    private static void checkSize(List<X509Certificate> chain) throws Refusal {
        if (chain.isEmpty()) {
            throw new Refusal("the peer sent no certificate");
        }
        if (chain.size() > MAX_CHAIN) {
            throw new Refusal("a chain of " + chain.size() + " certificates, accepted are " + MAX_CHAIN);
        }
        for (var certificate : chain) {
            try {
                if (certificate.getEncoded().length > MAX_CERTIFICATE_BYTES) {
                    throw new Refusal("a certificate of more than " + MAX_CERTIFICATE_BYTES + " bytes");
                }
            } catch (CertificateException e) {
                throw new Refusal("a certificate has no encoding");
            }
        }
    }

    private static void checkLeaf(X509Certificate leaf, PeerPolicy policy) throws Refusal {
        if (leaf.getVersion() != 3) {
            throw new Refusal("the certificate is of X.509 version " + leaf.getVersion() + ", not 3");
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw new Refusal("the certificate is an authority's, not a workload's");
        }
        var objection = KeyRules.objection(leaf.getPublicKey());
        if (objection != null) {
            throw new Refusal("the certificate has " + objection);
        }
        var usage = leaf.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            throw new Refusal("the certificate's key is not for signatures");
        }
        try {
            var purposes = leaf.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(policy.usage()) && !purposes.contains(ANY_USAGE)) {
                throw new Refusal("the certificate is not for " + policy.role());
            }
        } catch (CertificateParsingException e) {
            throw new Refusal("the certificate's purposes cannot be parsed");
        }
    }

    /** In the order of the chain and without search: what a peer sends decides neither how long this takes nor how deep. */
    private void checkPath(List<X509Certificate> chain) throws Refusal {
        var path = chain;
        while (path.size() > 1 && roots.certificates().contains(path.getLast())) {
            path = path.subList(0, path.size() - 1);
        }
        try {
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(time.now()));
            var certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
        } catch (CertPathValidatorException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new Refusal("the chain does not lead to a trusted root: " + cause.getMessage());
        } catch (CertificateException e) {
            throw new Refusal("the chain cannot be parsed: " + e.getMessage());
        } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK cannot check certificate paths", e);
        }
    }

    private static SpiffeId identity(X509Certificate leaf) throws Refusal {
        try {
            return claimedIdentity(leaf);
        } catch (InvalidIdentityException e) {
            throw new Refusal(e.getMessage());
        }
    }

    private static String bounded(String reason) {
        return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
    }

    /** Ends a check; without a stack trace, as a hostile peer can cause one per handshake. */
    private static final class Refusal extends Exception {
        private final String reason;

        Refusal(@Nullable String reason) {
            super(reason, null, false, false);
            this.reason = reason == null ? "no reason given" : reason;
        }
    }
}
