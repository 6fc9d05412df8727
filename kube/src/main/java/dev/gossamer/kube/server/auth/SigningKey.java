package dev.gossamer.kube.server.auth;

import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Signs and checks JSON web tokens (RFC 7515) with ES256. Thread-safe: the key does not change. */
public final class SigningKey {
    /** The signature as two numbers side by side, as JWS wants it, not as DER. */
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private static final int COORDINATE_BYTES = 32;
    private static final int MAX_TOKEN_LENGTH = 16 << 10;

    private final KeyPair pair;
    private final String id;

    /** {@code pair}: on curve P-256. */
    public SigningKey(KeyPair pair) {
        if (!(pair.getPublic() instanceof ECPublicKey)) {
            throw new IllegalArgumentException("not a key on an elliptic curve");
        }
        this.pair = pair;
        this.id = base64(sha256(pair.getPublic().getEncoded()));
    }

    String sign(ObjectNode claims) {
        var header = Json.object().put("alg", "ES256").put("kid", id);
        var content = base64(Json.bytes(header)) + "." + base64(Json.bytes(claims));
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing a token failed", e);
        }
    }

    /** The claims, or null if this key did not sign them. */
    @Nullable
    ObjectNode verify(String token) {
        var parts = token.split("\\.", -1);
        if (parts.length != 3 || token.length() > MAX_TOKEN_LENGTH) {
            return null;
        }
        try {
            var header =
                    JsonReader.json(Base64.getUrlDecoder().decode(parts[0])).root();
            if (!Json.text(header, "alg").equals("ES256")) {
                return null;
            }
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(pair.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
                return null;
            }
            return JsonReader.json(Base64.getUrlDecoder().decode(parts[1])).root() instanceof ObjectNode claims
                    ? claims
                    : null;
        } catch (GeneralSecurityException | IllegalArgumentException | MalformedJsonException e) {
            // Not a token, or not ours: the same to whoever asks.
            return null;
        }
    }

    /** The public key as {@code /openid/v1/jwks} shows it. */
    public ObjectNode jwks() {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        var set = Json.object();
        set.putArray("keys")
                .addObject()
                .put("use", "sig")
                .put("kty", "EC")
                .put("kid", id)
                .put("crv", "P-256")
                .put("alg", "ES256")
                .put("x", base64(coordinate(point.getAffineX())))
                .put("y", base64(coordinate(point.getAffineY())));
        return set;
    }

    private static byte[] coordinate(BigInteger number) {
        var bytes = number.toByteArray();
        if (bytes.length > COORDINATE_BYTES) {
            return Arrays.copyOfRange(bytes, bytes.length - COORDINATE_BYTES, bytes.length);
        }
        var padded = new byte[COORDINATE_BYTES];
        System.arraycopy(bytes, 0, padded, COORDINATE_BYTES - bytes.length, bytes.length);
        return padded;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
