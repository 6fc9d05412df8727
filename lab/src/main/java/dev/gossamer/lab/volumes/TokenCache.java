package dev.gossamer.lab.volumes;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The service account tokens of one pod, renewed when four fifths of their life have passed.
 *
 * <p>Confined to the pod's volume task.
 */
final class TokenCache {
    private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    private static final int RENEW_PERCENT = 80;

    private record Key(String audience, Duration lifetime) {}

    private final NamespaceObjects objects;
    private final String serviceAccount;
    private final NamespaceObjects.PodIdentity pod;
    private final TimeSource time;
    private final Map<Key, NamespaceObjects.Token> tokens = new HashMap<>();

    TokenCache(NamespaceObjects objects, String serviceAccount, NamespaceObjects.PodIdentity pod, TimeSource time) {
        this.objects = objects;
        this.serviceAccount = serviceAccount;
        this.pod = pod;
        this.time = time;
    }

    String current(ServiceAccountTokenProjection projection) throws MissingObjectException {
        var seconds = projection.getExpirationSeconds();
        var key = new Key(
                projection.getAudience() == null ? "" : projection.getAudience(),
                seconds == null ? DEFAULT_LIFETIME : Duration.ofSeconds(seconds));
        var token = tokens.get(key);
        if (token == null || isDue(token)) {
            token = objects.token(serviceAccount, pod, key.audience(), key.lifetime());
            tokens.put(key, token);
        }
        return token.value();
    }

    private boolean isDue(NamespaceObjects.Token token) {
        var life = Duration.between(token.issued(), token.expires());
        return !time.now()
                .isBefore(token.issued().plus(life.multipliedBy(RENEW_PERCENT).dividedBy(100)));
    }
}
