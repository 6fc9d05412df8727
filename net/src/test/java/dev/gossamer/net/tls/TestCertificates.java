package dev.gossamer.net.tls;

import dev.gossamer.core.identity.SpiffeId;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests, and the checks that go with it. */
public final class TestCertificates {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final KeyPair caKeys = newKeys();
    private final X509Certificate root;

    /** A leaf with its key. */
    public record Leaf(List<X509Certificate> chain, PrivateKey key) {
        public TlsCredentials credentials() throws Exception {
            return TlsCredentials.of(chain, key);
        }
    }

    public TestCertificates() throws Exception {
        root = sign("CN=root", "CN=root", caKeys, caKeys, null, Instant.now(), Duration.ofDays(1), true);
    }

    public Leaf leaf(SpiffeId identity) throws Exception {
        return leaf(identity.toString(), Instant.now().minusSeconds(60), Duration.ofHours(1));
    }

    public Leaf leaf(String uri, Instant from, Duration lifetime) throws Exception {
        var keys = newKeys();
        return new Leaf(
                List.of(sign("CN=leaf", "CN=root", keys, caKeys, uri, from, lifetime, false)), keys.getPrivate());
    }

    public static Leaf selfSigned(String uri) throws Exception {
        var keys = newKeys();
        var certificate =
                sign("CN=self", "CN=self", keys, keys, uri, Instant.now().minusSeconds(60), Duration.ofHours(1), false);
        return new Leaf(List.of(certificate), keys.getPrivate());
    }

    /** PKIX against this root, then the trust domain. */
    public PeerCheck check(String trustDomain) {
        return chain -> {
            try {
                var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
                parameters.setRevocationEnabled(false);
                CertPathValidator.getInstance("PKIX")
                        .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
                for (var name : chain.getFirst().getSubjectAlternativeNames()) {
                    var id = SpiffeId.parse((String) name.get(1));
                    if (!id.trustDomain().equals(trustDomain)) {
                        throw new PeerRejectedException("trust domain " + id.trustDomain());
                    }
                    return id;
                }
                throw new PeerRejectedException("no identity");
            } catch (PeerRejectedException e) {
                throw e;
            } catch (Exception e) {
                throw new PeerRejectedException(String.valueOf(e.getMessage()));
            }
        };
    }

    public X509Certificate root() {
        return root;
    }

    private static KeyPair newKeys() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            String subject,
            String issuer,
            KeyPair keys,
            KeyPair issuerKeys,
            String uri,
            Instant from,
            Duration lifetime,
            boolean authority)
            throws Exception {
        var builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(SERIAL.getAndIncrement()),
                Date.from(from),
                Date.from(from.plus(lifetime)),
                new X500Name(subject),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (uri != null) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }
}
