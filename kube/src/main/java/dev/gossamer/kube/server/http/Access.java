package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.auth.Caller;
import org.jspecify.annotations.Nullable;

/** Who a bearer token belongs to. Implementations are thread-safe. */
@FunctionalInterface
public interface Access {
    /** Null for a token that is not (any longer) valid. */
    @Nullable
    Caller authenticate(String bearerToken);
}
