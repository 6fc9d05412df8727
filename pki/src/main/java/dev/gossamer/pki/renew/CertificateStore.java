package dev.gossamer.pki.renew;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.renew.CertificateStatus.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of a node's workloads, each renewed until it is released.
 *
 * <p>A certificate is renewed when half of what was left of its term at its arrival has passed. Istio's clients count
 * from notBefore instead; but authorities set that two minutes back, and so half of a term under four minutes would be
 * over at once. While renewal fails, a certificate that is still valid is served.
 *
 * <p>Thread-safe; no method waits. Futures complete outside of the lock, on whatever thread the source completes on.
 */
public final class CertificateStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);
    private static final int MAX_CONCURRENT = 8;
    /** Between two requests for one identity, however short its certificates live. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    private final CertificateSource source;
    private final Timer timer;
    private final TimeSource time;
    private final RandomGenerator random;

    /** What {@link #current} reads, so that an event loop does not wait for the lock. */
    private final Map<SpiffeId, Svid> served = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private final Map<SpiffeId, Entry> entries = new HashMap<>();

    @GuardedBy("this")
    private final RequestQueue queue = new RequestQueue();

    @GuardedBy("this")
    private int running;

    @GuardedBy("this")
    private boolean closed;

    /** {@code random}: spreads the retries of many proxies. */
    public CertificateStore(CertificateSource source, Timer timer, TimeSource time, RandomGenerator random) {
        this.source = source;
        this.timer = timer;
        this.time = time;
        this.random = random;
    }

    /** The certificate if it is at hand and valid: for the fast path on an event loop. */
    public @Nullable Svid current(SpiffeId identity) {
        var svid = served.get(identity);
        return svid != null && time.now().isBefore(svid.notAfter()) ? svid : null;
    }

    /**
     * The certificate, asked for if need be, ahead of all that is not waited for.
     *
     * <p>Fails with {@link CertificateUnavailableException}, at once if the last try failed and the next is not due.
     */
    public CompletableFuture<Svid> get(SpiffeId identity) {
        var svid = current(identity);
        if (svid != null) {
            return CompletableFuture.completedFuture(svid);
        }
        var waiter = new CompletableFuture<Svid>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(
                        new CertificateUnavailableException(identity, "the program is stopping", null));
            }
            var entry = entries.computeIfAbsent(identity, id -> new Entry(id, random));
            if (entry.isWaitingToRetry()) {
                return CompletableFuture.failedFuture(
                        new CertificateUnavailableException(identity, String.valueOf(entry.error), null));
            }
            entry.waiters.add(waiter);
            ask(entry, Priority.REAL_TIME);
        }
        pump();
        return waiter;
    }

    /** Asks for the certificate of a workload that is about to need it. */
    public void prefetch(SpiffeId identity) {
        synchronized (this) {
            if (closed || entries.containsKey(identity)) {
                return;
            }
            var entry = new Entry(identity, random);
            entries.put(identity, entry);
            ask(entry, Priority.WARMUP);
        }
        pump();
    }

    /** Forgets a certificate: the last workload of the identity is gone. Whoever waits for it is told so. */
    public void release(SpiffeId identity) {
        List<CompletableFuture<Svid>> waiters;
        synchronized (this) {
            var entry = entries.remove(identity);
            if (entry == null) {
                return;
            }
            served.remove(identity);
            queue.remove(entry);
            waiters = entry.abandon();
        }
        fail(waiters, new CertificateUnavailableException(identity, "it is no longer kept", null));
    }

    /** For {@code /config_dump}, ordered by identity. */
    public synchronized List<CertificateStatus> statuses() {
        var now = time.now();
        return entries.values().stream()
                .map(entry -> entry.status(now))
                .sorted(Comparator.comparing(status -> status.identity().toString()))
                .toList();
    }

    /** Ends all renewing; whoever waits is told so. Certificates at hand are served no more. */
    @Override
    public void close() {
        List<SpiffeId> identities;
        synchronized (this) {
            closed = true;
            identities = List.copyOf(entries.keySet());
        }
        identities.forEach(this::release);
    }

    @GuardedBy("this")
    private void ask(Entry entry, Priority priority) {
        entry.cancelTimer();
        if (!entry.requested) {
            queue.add(entry, priority);
        }
    }

    /** Starts as many requests as may run at a time. Never called with the lock held: a source may answer at once. */
    private void pump() {
        while (true) {
            Entry next;
            synchronized (this) {
                if (closed || running == MAX_CONCURRENT) {
                    return;
                }
                next = queue.poll();
                if (next == null) {
                    return;
                }
                next.requested = true;
                running++;
            }
            request(next);
        }
    }

    private void request(Entry entry) {
        CompletableFuture<Svid> answer;
        try {
            answer = source.request(entry.identity);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        var unused = answer.whenComplete((svid, error) -> {
            if (svid != null && time.now().isBefore(svid.notAfter())) {
                onIssued(entry, svid);
            } else if (svid != null) {
                onFailed(
                        entry,
                        "the authority issued a certificate that expired at " + svid.notAfter()
                                + ": compare the clocks of both machines");
            } else {
                onFailed(entry, reason(error));
            }
            pump();
        });
    }

    private static String reason(@Nullable Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof CertificateUnavailableException unavailable ? unavailable.reason() : "" + cause;
    }

    private void onIssued(Entry entry, Svid svid) {
        List<CompletableFuture<Svid>> waiters;
        synchronized (this) {
            running--;
            if (entries.get(entry.identity) != entry) {
                return;
            }
            served.put(entry.identity, svid);
            waiters = entry.issued(svid);
            var half = Duration.between(time.now(), svid.notAfter()).dividedBy(2);
            schedule(entry, half.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : half);
        }
        waiters.forEach(waiter -> waiter.complete(svid));
    }

    private void onFailed(Entry entry, String reason) {
        List<CompletableFuture<Svid>> waiters;
        synchronized (this) {
            running--;
            if (entries.get(entry.identity) != entry) {
                return;
            }
            waiters = entry.failed(reason);
            schedule(entry, untilRetry(entry, time.now()));
        }
        LOG.warn("no certificate for {}: {}", entry.identity, reason);
        fail(waiters, new CertificateUnavailableException(entry.identity, reason, null));
    }

    /** The back-off, but no later than when the certificate at hand expires. */
    private static Duration untilRetry(Entry entry, Instant now) {
        var wait = entry.backoff.next();
        var svid = entry.svid;
        if (svid == null || !now.isBefore(svid.notAfter())) {
            return wait;
        }
        var left = Duration.between(now, svid.notAfter());
        return left.compareTo(wait) < 0 ? left : wait;
    }

    @GuardedBy("this")
    private void schedule(Entry entry, Duration delay) {
        entry.timer = timer.schedule(delay, () -> {
            synchronized (this) {
                if (closed || entries.get(entry.identity) != entry) {
                    return;
                }
                ask(entry, Priority.BACKGROUND);
            }
            pump();
        });
    }

    private static void fail(List<CompletableFuture<Svid>> waiters, CertificateUnavailableException error) {
        waiters.forEach(waiter -> waiter.completeExceptionally(error));
    }
}
