package dev.gossamer.control.ca;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.control.ca.TokenReviewer.RejectedTokenException;
import dev.gossamer.control.ca.TokenReviewer.ReviewFailedException;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says who calls, by the token that the call brings.
 *
 * <p>A node proxy asks for the certificates of all its pods at once, each time with the same token, so that answers are
 * kept for a moment. What a moment can hide is that a token was revoked; that its pod is gone is noticed by whoever
 * looks at pods. Thread-safe.
 */
public final class CallerIdentities {
    private static final Duration KEPT = Duration.ofSeconds(10);
    private static final int MAX_KEPT = 1_000;
    /** Longer ones are not worth asking about. */
    private static final int MAX_TOKEN_CHARS = 16 << 10;

    private record Kept(TokenOwner owner, long sinceNanos) {}

    private final TokenReviewer reviewer;
    private final String cluster;
    private final TimeSource time;

    /** By the hash of the token, so that no token stays in memory; oldest first. */
    @GuardedBy("this")
    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>();

    /** {@code cluster}: whose tokens can be reviewed. */
    public CallerIdentities(TokenReviewer reviewer, String cluster, TimeSource time) {
        this.reviewer = reviewer;
        this.cluster = cluster;
        this.time = time;
    }

    /**
     * Asks the API server unless it was asked a moment ago; may wait.
     *
     * @throws CallerRejectedException if the caller is nobody, or that cannot be told now
     */
    public TokenOwner owner(CallerCredentials credentials) throws CallerRejectedException {
        var token = credentials.bearerToken();
        if (token == null || token.isEmpty()) {
            throw new CallerRejectedException("the call has no bearer token");
        }
        if (token.length() > MAX_TOKEN_CHARS) {
            throw new CallerRejectedException("the bearer token has " + token.length() + " characters");
        }
        if (!credentials.clusterId().isEmpty() && !credentials.clusterId().equals(cluster)) {
            throw new CallerRejectedException(
                    "it says that it comes from the cluster '" + credentials.clusterId() + "', and this one is '"
                            + cluster + "'; CLUSTER_ID must be the same for control plane and proxies");
        }
        var hash = hash(token);
        var known = recall(hash);
        if (known != null) {
            return known;
        }
        try {
            var owner = reviewer.review(token);
            remember(hash, owner);
            return owner;
        } catch (RejectedTokenException | ReviewFailedException e) {
            throw new CallerRejectedException(String.valueOf(e.getMessage()));
        }
    }

    private synchronized @Nullable TokenOwner recall(String hash) {
        var entry = kept.get(hash);
        if (entry != null && time.nanoTime() - entry.sinceNanos > KEPT.toNanos()) {
            kept.remove(hash);
            return null;
        }
        return entry == null ? null : entry.owner;
    }

    private synchronized void remember(String hash, TokenOwner owner) {
        kept.remove(hash);
        if (kept.size() >= MAX_KEPT) {
            kept.pollFirstEntry();
        }
        kept.put(hash, new Kept(owner, time.nanoTime()));
    }

    private static String hash(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
