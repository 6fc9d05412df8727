package dev.gossamer.pki.issue;

import java.io.IOException;
import java.math.BigInteger;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds and signs one certificate. Confined to the call that issues it. */
final class CertificateTemplate {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 128;

    private final JcaX509v3CertificateBuilder builder;

    private CertificateTemplate(JcaX509v3CertificateBuilder builder) {
        this.builder = builder;
    }

    static CertificateTemplate of(
            X500Principal issuer, X500Principal subject, Instant notBefore, Instant notAfter, PublicKey key) {
        // Never zero: RFC 5280, section 4.1.2.2.
        var serial = new BigInteger(SERIAL_BITS, RANDOM).max(BigInteger.ONE);
        return new CertificateTemplate(new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(notBefore), Date.from(notAfter), subject, key));
    }

    /** Makes it an authority's. */
    CertificateTemplate authority(PublicKey key) {
        return extension(Extension.basicConstraints, true, new BasicConstraints(true))
                .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                .extension(
                        Extension.subjectKeyIdentifier, false, extensionUtils().createSubjectKeyIdentifier(key));
    }

    /** Makes it one for handshakes. {@code purposes}: client, server or both. */
    CertificateTemplate leaf(X509Certificate issuer, List<KeyPurposeId> purposes) {
        return extension(Extension.basicConstraints, true, new BasicConstraints(false))
                .extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment))
                .extension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)))
                .extension(Extension.authorityKeyIdentifier, false, authorityKeyIdentifier(issuer));
    }

    /** Critical, as the subject is empty: RFC 5280, section 4.2.1.6. */
    CertificateTemplate names(List<GeneralName> names) {
        return extension(Extension.subjectAlternativeName, true, new GeneralNames(names.toArray(GeneralName[]::new)));
    }

    X509Certificate sign(PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder(signatureAlgorithm(key)).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("the authority's key cannot sign", e);
        }
    }

    static String signatureAlgorithm(PrivateKey key) {
        return switch (key) {
            case ECPrivateKey ec ->
                switch (ec.getParams().getCurve().getField().getFieldSize()) {
                    case 384 -> "SHA384withECDSA";
                    case 521 -> "SHA512withECDSA";
                    default -> "SHA256withECDSA";
                };
            default -> key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "Ed25519";
        };
    }

    private CertificateTemplate extension(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(id, critical, value);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("the extension " + id + " cannot be encoded", e);
        }
    }

    /**
     * Only the key's identifier, in the signer's own words where it has some: with name and serial number besides, a
     * signer that is renewed with the same key would no longer fit.
     */
    private static ASN1Encodable authorityKeyIdentifier(X509Certificate issuer) {
        var own = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        if (own == null) {
            return extensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey());
        }
        var identifier = SubjectKeyIdentifier.getInstance(
                ASN1OctetString.getInstance(own).getOctets());
        return new AuthorityKeyIdentifier(identifier.getKeyIdentifier());
    }

    private static JcaX509ExtensionUtils extensionUtils() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1 for key identifiers", e);
        }
    }
}
