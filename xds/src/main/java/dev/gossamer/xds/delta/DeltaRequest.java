package dev.gossamer.xds.delta;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: a subscription, a change of one, or an answer. Immutable.
 *
 * @param node in a first request only
 * @param initialVersions what the client holds from an earlier stream, by name
 * @param nonce of the response that this answers; empty if it answers none
 * @param error why the client refused the response; absent if it did not
 */
public record DeltaRequest(
        TypeUrl type,
        @Nullable NodeInfo node,
        List<String> subscribe,
        List<String> unsubscribe,
        Map<String, String> initialVersions,
        String nonce,
        @Nullable String error) {
    public DeltaRequest {
        subscribe = List.copyOf(subscribe);
        unsubscribe = List.copyOf(unsubscribe);
        initialVersions = Map.copyOf(initialVersions);
    }

    /** Subscribes to all resources of a type. */
    public static DeltaRequest first(TypeUrl type, NodeInfo node, Map<String, String> initialVersions) {
        return new DeltaRequest(type, node, List.of(), List.of(), initialVersions, "", null);
    }

    /** Accepts a response, or refuses it. */
    public static DeltaRequest answer(DeltaResponse response, @Nullable String error) {
        return new DeltaRequest(response.type(), null, List.of(), List.of(), Map.of(), response.nonce(), error);
    }

    public boolean isAnswer() {
        return !nonce.isEmpty();
    }
}
