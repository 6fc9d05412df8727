package dev.gossamer.pki;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/** Which public keys the mesh accepts, from peers as from those who ask for certificates. Stateless. */
public final class KeyRules {
    private static final int MIN_RSA_BITS = 2048;
    /** Checking a signature by a longer key costs more than a handshake should. */
    private static final int MAX_RSA_BITS = 8192;

    private static final int MAX_RSA_EXPONENT_BITS = 33;

    private KeyRules() {}

    /** Why {@code key} is not accepted; absent: it is. */
    public static @Nullable String objection(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsaObjection(rsa);
            case ECPublicKey ec -> curveObjection(ec);
            case EdECPublicKey ed when ed.getParams().getName().equals("Ed25519") -> null;
            default -> "keys of type " + key.getAlgorithm() + " are not accepted";
        };
    }

    private static @Nullable String rsaObjection(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            return "an RSA key of " + bits + " bits, accepted are " + MIN_RSA_BITS + " to " + MAX_RSA_BITS;
        }
        return key.getPublicExponent().bitLength() > MAX_RSA_EXPONENT_BITS
                ? "an RSA key with an exponent of more than " + MAX_RSA_EXPONENT_BITS + " bits"
                : null;
    }

    /** The JDK itself reads only these three of the prime curves, and checks that the point lies on its curve. */
    private static @Nullable String curveObjection(ECPublicKey key) {
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return bits == 256 || bits == 384 || bits == 521
                ? null
                : "an EC key on a curve of " + bits + " bits, accepted are P-256, P-384 and P-521";
    }
}
