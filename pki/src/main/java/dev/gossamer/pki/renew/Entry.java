package dev.gossamer.pki.renew;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.Backoff;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.renew.CertificateStatus.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the store knows of one identity. Confined to the store's lock. */
final class Entry {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(150);
    private static final double RETRY_JITTER = 0.2;

    final SpiffeId identity;
    final Backoff backoff;
    final List<CompletableFuture<Svid>> waiters = new ArrayList<>();
    /** Set while it waits in the queue. */
    @Nullable
    Priority queued;
    /** With which it was last queued. */
    Priority priority = Priority.WARMUP;
    /** Its request is under way. */
    boolean requested;

    @Nullable
    Svid svid;
    /** Why the last request failed; absent after one that worked. */
    @Nullable
    String error;

    Timer.@Nullable Cancellation timer;

    Entry(SpiffeId identity, RandomGenerator random) {
        this.identity = identity;
        this.backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, RETRY_JITTER, random);
    }

    /** The last request failed and the next is not yet due. */
    boolean isWaitingToRetry() {
        return error != null && !requested && queued == null;
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Returns who waited for it. */
    List<CompletableFuture<Svid>> issued(Svid issued) {
        svid = issued;
        error = null;
        requested = false;
        backoff.reset();
        return takeWaiters();
    }

    /** Returns who waited for it. */
    List<CompletableFuture<Svid>> failed(String reason) {
        error = reason;
        requested = false;
        return takeWaiters();
    }

    /** Returns who waited for it. */
    List<CompletableFuture<Svid>> abandon() {
        cancelTimer();
        return takeWaiters();
    }

    CertificateStatus status(Instant now) {
        var held = svid;
        if (held != null && now.isBefore(held.notAfter())) {
            return new CertificateStatus.Available(identity, held, error);
        }
        if (error != null) {
            return new CertificateStatus.Unavailable(identity, error);
        }
        return new CertificateStatus.Initializing(identity, priority);
    }

    private List<CompletableFuture<Svid>> takeWaiters() {
        var taken = List.copyOf(waiters);
        waiters.clear();
        return taken;
    }
}
