package dev.gossamer.ztunnel.pod;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.renew.CertificateStore;
import io.netty.channel.EventLoop;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workloads' certificates in the form that handshakes take.
 *
 * <p>A renewed certificate is used from the next handshake on; tunnels that are up keep the one they began with.
 * Thread-safe; no method waits.
 */
public final class Certificates {
    /** What came of asking. Immutable. */
    public sealed interface Outcome {
        record Ready(WorkloadTls tls) implements Outcome {}

        /** {@code reason}: for the access log. */
        record Unavailable(String reason) implements Outcome {}
    }

    private record Prepared(Svid svid, CompletableFuture<WorkloadTls> tls) {}

    private final CertificateStore store;
    private final TimeSource time;
    private final Executor worker;
    private final ConcurrentHashMap<SpiffeId, Prepared> prepared = new ConcurrentHashMap<>();

    /** {@code worker}: parses keys, which takes too long for an event loop. */
    public Certificates(CertificateStore store, TimeSource time, Executor worker) {
        this.store = store;
        this.time = time;
        this.worker = worker;
    }

    /** The certificate if it is at hand. */
    public @Nullable WorkloadTls current(SpiffeId identity) {
        var svid = store.current(identity);
        if (svid == null) {
            return null;
        }
        var tls = prepare(svid).tls;
        return tls.isCompletedExceptionally() ? null : tls.getNow(null);
    }

    /** Calls {@code then} on {@code loop}, at once if the certificate is at hand. */
    public void get(SpiffeId identity, EventLoop loop, Consumer<Outcome> then) {
        var ready = current(identity);
        if (ready != null && loop.inEventLoop()) {
            then.accept(new Outcome.Ready(ready));
            return;
        }
        var _ = store.get(identity).thenCompose(svid -> prepare(svid).tls).handle((tls, failure) -> {
            var outcome = failure == null
                    ? new Outcome.Ready(tls)
                    : new Outcome.Unavailable(String.valueOf(cause(failure).getMessage()));
            loop.execute(() -> then.accept(outcome));
            return outcome;
        });
    }

    public void forget(SpiffeId identity) {
        prepared.remove(identity);
    }

    private Prepared prepare(Svid svid) {
        var existing = prepared.get(svid.identity());
        if (existing != null && existing.svid == svid) {
            return existing;
        }
        return prepared.compute(
                svid.identity(), (_, now) -> now != null && now.svid == svid ? now : new Prepared(svid, make(svid)));
    }

    private CompletableFuture<WorkloadTls> make(Svid svid) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return WorkloadTls.of(svid, time);
                    } catch (GeneralSecurityException e) {
                        throw new CompletionException(e);
                    }
                },
                worker);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
