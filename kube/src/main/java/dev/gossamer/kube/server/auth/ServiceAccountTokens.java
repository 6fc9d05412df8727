package dev.gossamer.kube.server.auth;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.storage.Key;
import dev.gossamer.kube.server.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokens of service accounts: signed by the server, bound to the account and, mostly, to a pod.
 *
 * <p>A token is good only while what it is bound to exists. Thread-safe: reads the store each time.
 */
public final class ServiceAccountTokens {
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private static final String PREFIX = "system:serviceaccount:";
    private static final String CLAIMS = "kubernetes.io";

    /**
     * What a token is bound to. Immutable.
     *
     * @param node name of the pod's node, or empty
     */
    public record Pod(String name, String uid, String node) {}

    /** Immutable. */
    public record Issued(String token, Instant expires) {}

    /** Whose token it is, and for whom it is meant. Immutable. */
    public record Verified(Caller caller, List<String> audiences) {}

    private final SigningKey key;
    private final Store store;
    private final TimeSource time;

    public ServiceAccountTokens(SigningKey key, Store store, TimeSource time) {
        this.key = key;
        this.store = store;
        this.time = time;
    }

    public static String userName(String namespace, String account) {
        return PREFIX + namespace + ":" + account;
    }

    /** A new token for {@code account}, an object of kind ServiceAccount. */
    public Issued issue(ObjectNode account, List<String> audiences, Duration lifetime, @Nullable Pod pod) {
        var now = time.now();
        var expires = now.plus(lifetime);
        var namespace = Json.text(account, "metadata", "namespace");
        var name = Json.text(account, "metadata", "name");
        var claims = Json.object();
        audiences.forEach(claims.putArray("aud")::add);
        claims.put("exp", expires.getEpochSecond())
                .put("iat", now.getEpochSecond())
                .put("iss", ISSUER)
                .put("jti", UUID.randomUUID().toString());
        var own = claims.putObject(CLAIMS).put("namespace", namespace);
        if (pod != null) {
            if (!pod.node().isEmpty()) {
                var node = own.putObject("node").put("name", pod.node());
                var known = store.get(new Key("/nodes", "", pod.node()));
                if (known != null) {
                    node.put("uid", Json.text(known.object(), "metadata", "uid"));
                }
            }
            own.putObject("pod").put("name", pod.name()).put("uid", pod.uid());
        }
        own.putObject("serviceaccount").put("name", name).put("uid", Json.text(account, "metadata", "uid"));
        claims.put("nbf", now.getEpochSecond()).put("sub", userName(namespace, name));
        return new Issued(key.sign(claims), expires);
    }

    /** Null for a token that is forged, expired, or bound to something that is gone. */
    public @Nullable Verified verify(String token) {
        var claims = key.verify(token);
        if (claims == null || !Json.text(claims, "iss").equals(ISSUER)) {
            return null;
        }
        long now = time.now().getEpochSecond();
        if (Json.number(claims, 0, "exp") <= now || Json.number(claims, Long.MAX_VALUE, "nbf") > now) {
            return null;
        }
        var own = claims.path(CLAIMS);
        var namespace = Json.text(own, "namespace");
        if (!exists("/serviceaccounts", namespace, own.path("serviceaccount"))) {
            return null;
        }
        if (own.path("pod").isObject() && !exists("/pods", namespace, own.path("pod"))) {
            return null;
        }
        var audiences = new ArrayList<String>();
        claims.path("aud").forEach(audience -> audiences.add(audience.asString("")));
        return new Verified(caller(claims, own, namespace), List.copyOf(audiences));
    }

    private boolean exists(String storage, String namespace, JsonNode reference) {
        var found = store.get(new Key(storage, namespace, Json.text(reference, "name")));
        return found != null && Json.text(found.object(), "metadata", "uid").equals(Json.text(reference, "uid"));
    }

    private static Caller caller(ObjectNode claims, JsonNode own, String namespace) {
        Map<String, List<String>> extra = new HashMap<>();
        extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + Json.text(claims, "jti")));
        for (var bound : List.of("pod", "node")) {
            if (own.path(bound).isObject()) {
                extra.put("authentication.kubernetes.io/" + bound + "-name", List.of(Json.text(own, bound, "name")));
                var uid = Json.text(own, bound, "uid");
                if (!uid.isEmpty()) {
                    extra.put("authentication.kubernetes.io/" + bound + "-uid", List.of(uid));
                }
            }
        }
        return new Caller(
                Json.text(claims, "sub"),
                Json.text(own, "serviceaccount", "uid"),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, Caller.AUTHENTICATED),
                extra);
    }
}
