package dev.gossamer.pki;

import dev.gossamer.core.identity.SpiffeId;
import java.io.IOException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A new key on P-256, and the request (RFC 2986) that asks for its certificate.
 *
 * <p>The request has no subject; who it is for stands in its one extension, a critical URI. Immutable.
 */
public record CertificateRequest(PublicKey publicKey, PrivateKey privateKey, String pem) {
    /** Makes the key, which takes a moment. */
    public static CertificateRequest of(SpiffeId identity) {
        var keys = newKey();
        try {
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.toString())));
            var request = new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            return new CertificateRequest(
                    keys.getPublic(), keys.getPrivate(), Pem.encode(Pem.CERTIFICATE_REQUEST, request.getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate request for " + identity + " cannot be encoded", e);
        }
    }

    static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "CertificateRequest[" + publicKey.getAlgorithm() + "]";
    }
}
