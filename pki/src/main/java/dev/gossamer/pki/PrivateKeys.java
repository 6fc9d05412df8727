package dev.gossamer.pki;

import java.io.IOException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Reads private keys from their DER: PKCS#8, and the older forms of RSA and EC that Go programs write. Stateless. */
final class PrivateKeys {
    private PrivateKeys() {}

    static PrivateKey decode(String label, byte[] der) throws InvalidPemException {
        try {
            return switch (label) {
                case Pem.PRIVATE_KEY -> decode(PrivateKeyInfo.getInstance(der));
                case "RSA PRIVATE KEY" ->
                    decode(new PrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            RSAPrivateKey.getInstance(der)));
                case "EC PRIVATE KEY" -> {
                    var key = ECPrivateKey.getInstance(der);
                    yield decode(new PrivateKeyInfo(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                            key));
                }
                default -> throw new InvalidPemException("expected an unencrypted private key, found a " + label);
            };
        } catch (IOException | IllegalArgumentException e) {
            // The cause's message may quote the key.
            throw new InvalidPemException("a " + label + " cannot be parsed");
        }
    }

    private static PrivateKey decode(PrivateKeyInfo info) throws IOException, InvalidPemException {
        var algorithm = algorithm(info.getPrivateKeyAlgorithm().getAlgorithm());
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        } catch (InvalidKeySpecException e) {
            throw new InvalidPemException("a private key of type " + algorithm + " cannot be read");
        }
    }

    private static String algorithm(ASN1ObjectIdentifier oid) throws InvalidPemException {
        if (oid.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return "EC";
        }
        if (oid.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return "RSA";
        }
        if (oid.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return "Ed25519";
        }
        throw new InvalidPemException("a private key of the unsupported type " + oid);
    }
}
