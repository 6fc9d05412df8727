package dev.gossamer.kube.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Tells callers by their bearer token. Thread-safe. */
public final class Authenticator {
    private final byte[] adminToken;
    private final ServiceAccountTokens tokens;

    public Authenticator(String adminToken, ServiceAccountTokens tokens) {
        this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
        this.tokens = tokens;
    }

    /** Null for a token that is not (any longer) valid, or not meant for this server. */
    public @Nullable Caller authenticate(String token) {
        if (MessageDigest.isEqual(adminToken, token.getBytes(StandardCharsets.UTF_8))) {
            return Caller.ADMIN;
        }
        var verified = tokens.verify(token);
        return verified != null && verified.audiences().contains(ServiceAccountTokens.ISSUER)
                ? verified.caller()
                : null;
    }
}
