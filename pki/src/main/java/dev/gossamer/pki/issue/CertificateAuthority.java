package dev.gossamer.pki.issue;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.KeyRules;
import dev.gossamer.pki.TrustRoots;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * Signs certificates of workloads and of the control plane's own endpoint.
 *
 * <p>Thread-safe: what it signs with is swapped whole.
 */
public final class CertificateAuthority {
    /** How a new root's key is made. */
    public enum KeyKind {
        RSA_2048,
        ECDSA_P256
    }

    /** Certificates begin in the past, for receivers whose clocks are late. */
    private static final Duration BACKDATED = Duration.ofMinutes(2);

    private static final Duration ROOT_VALIDITY = Duration.ofDays(3650);
    private static final Duration SERVER_VALIDITY = Duration.ofDays(365);
    private static final X500Principal NOBODY = new X500Principal("");

    private final AuthorityConfig config;
    private final TimeSource time;
    private volatile SigningCredentials credentials;

    public CertificateAuthority(SigningCredentials credentials, AuthorityConfig config, TimeSource time) {
        this.credentials = credentials;
        this.config = config;
        this.time = time;
    }

    /** Makes a self-signed root for a trust domain, valid for ten years. Takes a moment, as it makes the key. */
    public static SigningCredentials newRoot(String trustDomain, KeyKind kind, TimeSource time) {
        var keys = newKey(kind);
        // Quoted, as a comma would begin a further attribute; a trust domain has no quotes.
        var subject = new X500Principal("O=\"" + trustDomain + "\"");
        return selfSigned(subject, keys.getPublic(), keys.getPrivate(), time.now());
    }

    /** Signs with something else from now on; the roots are what it brings. */
    public void replace(SigningCredentials next) {
        credentials = next;
    }

    public SigningCredentials credentials() {
        return credentials;
    }

    public TrustRoots roots() {
        return credentials.roots();
    }

    /** Whether a self-signed root is in the last fifth of its life, so that {@link #renewedRoot} is due. */
    public boolean rootRenewalDue() {
        var signer = credentials;
        if (!signer.isSelfSigned()) {
            return false;
        }
        var begin = signer.certificate().getNotBefore().toInstant();
        var end = signer.certificate().getNotAfter().toInstant();
        return time.now().isAfter(end.minus(Duration.between(begin, end).dividedBy(5)));
    }

    /** The same root with the same key and a new term: certificates signed before stay good. */
    public SigningCredentials renewedRoot() {
        var old = credentials;
        if (!old.isSelfSigned()) {
            throw new IllegalStateException("only a self-signed root can be renewed here: " + old);
        }
        var renewed = selfSigned(
                old.certificate().getSubjectX500Principal(),
                old.certificate().getPublicKey(),
                old.privateKey(),
                time.now());
        var roots = new ArrayList<X509Certificate>(renewed.chain());
        for (var root : old.roots().certificates()) {
            if (!root.equals(old.certificate())) {
                roots.add(root);
            }
        }
        return new SigningCredentials(renewed.chain(), old.privateKey(), new TrustRoots(roots));
    }

    /** A workload's certificate and what signed it: one moment's state, whatever is replaced meanwhile. Immutable. */
    public record Issued(X509Certificate leaf, List<X509Certificate> intermediates, TrustRoots roots) {}

    /**
     * Issues for a request in PEM, of which only the public key counts.
     *
     * @param validity zero or less: the default
     * @throws IssueRefusedException if the request is not signed by its key, the key is weak, or the validity too long
     */
    public Issued issue(String requestPem, SpiffeId identity, Duration validity) throws IssueRefusedException {
        return issue(SignedRequest.publicKey(requestPem), identity, validity);
    }

    /** As {@link #issue(String, SpiffeId, Duration)} for a key that is known to be the caller's. */
    public Issued issue(PublicKey key, SpiffeId identity, Duration validity) throws IssueRefusedException {
        var objection = KeyRules.objection(key);
        if (objection != null) {
            throw new IssueRefusedException(objection);
        }
        if (validity.compareTo(config.maxValidity()) > 0) {
            throw new IssueRefusedException("a validity of " + validity.toSeconds() + " s was asked for, at most "
                    + config.maxValidity().toSeconds() + " s are granted");
        }
        var signer = credentials;
        var term = validity.isPositive() ? validity : config.defaultValidity();
        var name = new GeneralName(GeneralName.uniformResourceIdentifier, identity.toString());
        var purposes = List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
        return new Issued(sign(signer, key, term, List.of(name), purposes), signer.intermediates(), signer.roots());
    }

    /**
     * Issues for the control plane's own endpoint, with a new key, for a year or until the signer expires.
     *
     * @throws IssueRefusedException if the signer has expired
     */
    public ServerCredentials issueServer(List<String> dnsNames, List<InetAddress> addresses)
            throws IssueRefusedException {
        var names = new ArrayList<GeneralName>();
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address.getHostAddress())));
        var keys = newKey(KeyKind.ECDSA_P256);
        var signer = credentials;
        var leaf = sign(signer, keys.getPublic(), SERVER_VALIDITY, names, List.of(KeyPurposeId.id_kp_serverAuth));
        var chain = new ArrayList<X509Certificate>();
        chain.add(leaf);
        chain.addAll(signer.intermediates());
        return new ServerCredentials(chain, keys.getPrivate());
    }

    private X509Certificate sign(
            SigningCredentials signer,
            PublicKey key,
            Duration term,
            List<GeneralName> names,
            List<KeyPurposeId> purposes)
            throws IssueRefusedException {
        var now = time.now();
        var end = now.plus(term);
        if (end.isAfter(signer.notAfter())) {
            end = signer.notAfter();
        }
        if (!end.isAfter(now)) {
            throw new IssueRefusedException("the authority's own certificate expired at " + signer.notAfter());
        }
        return CertificateTemplate.of(
                        signer.certificate().getSubjectX500Principal(), NOBODY, now.minus(BACKDATED), end, key)
                .leaf(signer.certificate(), purposes)
                .names(names)
                .sign(signer.privateKey());
    }

    private static SigningCredentials selfSigned(
            X500Principal subject, PublicKey publicKey, PrivateKey privateKey, Instant now) {
        var root = CertificateTemplate.of(subject, subject, now.minus(BACKDATED), now.plus(ROOT_VALIDITY), publicKey)
                .authority(publicKey)
                .sign(privateKey);
        return new SigningCredentials(List.of(root), privateKey, new TrustRoots(List.of(root)));
    }

    private static KeyPair newKey(KeyKind kind) {
        try {
            return switch (kind) {
                case RSA_2048 -> {
                    var generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                    yield generator.generateKeyPair();
                }
                case ECDSA_P256 -> {
                    var generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                    yield generator.generateKeyPair();
                }
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make keys of kind " + kind, e);
        }
    }
}
