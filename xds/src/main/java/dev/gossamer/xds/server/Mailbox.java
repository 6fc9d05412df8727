package dev.gossamer.xds.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.xds.delta.DeltaRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What happens around a session, for its thread to look at: a request, a newer snapshot, room in the transport, the end.
 *
 * <p>Holds at most the requests that the session let the transport deliver. Thread-safe.
 */
final class Mailbox {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Deque<DeltaRequest> requests = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean signalled;

    @GuardedBy("lock")
    private boolean ended;

    void put(DeltaRequest request) {
        lock.lock();
        try {
            requests.add(request);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Something changed that the session has to look at itself. */
    void signal() {
        lock.lock();
        try {
            signalled = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The client will send no more, or is gone. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended && requests.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** The next request, if there is one; waits for nothing. */
    @Nullable
    DeltaRequest poll() {
        lock.lock();
        try {
            return requests.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a request, a signal, or the end. A signal given before counts. */
    void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (requests.isEmpty() && !signalled && !ended) {
                changed.await();
            }
            signalled = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a signal or the end, and leaves requests where they are. */
    void awaitSignal() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!signalled && !ended) {
                changed.await();
            }
            signalled = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a request; absent: there was none in time, or the end came first. */
    @Nullable
    DeltaRequest await(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (requests.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return requests.poll();
        } finally {
            lock.unlock();
        }
    }
}
