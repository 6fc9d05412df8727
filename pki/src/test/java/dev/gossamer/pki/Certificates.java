package dev.gossamer.pki;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes certificates as an authority would not, to see what is done about them. */
public final class Certificates {
    private static int serial = 1;

    /** A certificate with its key. */
    public record Pair(X509Certificate certificate, KeyPair keys) {}

    /** Lets a test add whatever extensions it wants. */
    public interface Extensions {
        void add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value);
    }

    private Certificates() {}

    public static KeyPair ec(String curve) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    public static KeyPair rsa(int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    public static Pair root(String name, Instant now) throws Exception {
        var keys = ec("secp256r1");
        var certificate = sign(null, keys, name, keys, now, Duration.ofDays(30), Certificates::authority);
        return new Pair(certificate, keys);
    }

    public static Pair intermediate(Pair issuer, String name, Instant now) throws Exception {
        var keys = ec("secp256r1");
        return new Pair(sign(issuer, issuer.keys, name, keys, now, Duration.ofDays(20), Certificates::authority), keys);
    }

    public static Pair leaf(Pair issuer, KeyPair keys, Instant now, Consumer<Extensions> extensions) throws Exception {
        return new Pair(sign(issuer, issuer.keys, "leaf", keys, now, Duration.ofHours(1), extensions), keys);
    }

    public static void uris(Extensions to, String... uris) {
        var names = List.of(uris).stream()
                .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
                .toArray(GeneralName[]::new);
        to.add(Extension.subjectAlternativeName, true, new GeneralNames(names));
    }

    private static void authority(Extensions to) {
        to.add(Extension.basicConstraints, true, new BasicConstraints(true));
        to.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    }

    public static X509Certificate versionOne(Pair issuer, KeyPair keys, Instant now) throws Exception {
        var builder = new X509v1CertificateBuilder(
                new X500Name("CN="
                        + issuer.certificate.getSubjectX500Principal().getName().substring(3)),
                BigInteger.valueOf(serial++),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                new X500Name("CN=old"),
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.keys.getPrivate())));
    }

    private static X509Certificate sign(
            Pair issuer,
            KeyPair signer,
            String name,
            KeyPair keys,
            Instant now,
            Duration term,
            Consumer<Extensions> extensions)
            throws Exception {
        var subject = new X500Name("CN=" + name);
        var issuerName = issuer == null
                ? subject
                : X500Name.getInstance(
                        issuer.certificate.getSubjectX500Principal().getEncoded());
        var builder = new JcaX509v3CertificateBuilder(
                issuerName,
                BigInteger.valueOf(serial++),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(term)),
                subject,
                keys.getPublic());
        extensions.accept((id, critical, value) -> {
            try {
                builder.addExtension(id, critical, value);
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        });
        var algorithm = signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
    }
}
