package dev.gossamer.kube.controller;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.core.lifecycle.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a controller has yet to look at, each thing at most once, and some of it only later.
 *
 * <p>Whatever is added while it is being worked on is handed out again afterwards, never to two workers at a time.
 * Thread-safe.
 */
final class WorkQueue<K> {
    /** Waits until {@code due}, in the time source's nanoseconds. */
    private record Delayed<K>(long due, K key) {}

    /** Failures that double the wait from the first: the last is {@link #LONGEST_WAIT}. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(10);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final LinkedHashSet<K> ready = new LinkedHashSet<>();

    @GuardedBy("lock")
    private final Set<K> inWork = new HashSet<>();

    @GuardedBy("lock")
    private final Set<K> again = new HashSet<>();

    @GuardedBy("lock")
    private final PriorityQueue<Delayed<K>> delayed;

    @GuardedBy("lock")
    private final Map<K, Integer> failures = new HashMap<>();

    WorkQueue(TimeSource time) {
        this.time = time;
        long origin = time.nanoTime();
        // nanoTime may overflow: only differences may be compared.
        this.delayed = new PriorityQueue<>(Comparator.comparingLong(entry -> entry.due() - origin));
    }

    void add(K key) {
        lock.lock();
        try {
            if (inWork.contains(key)) {
                again.add(key);
            } else if (ready.add(key)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void addAfter(K key, Duration wait) {
        lock.lock();
        try {
            delayed.add(new Delayed<>(time.nanoTime() + wait.toNanos(), key));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next key; waits for one. It is the caller's until it calls {@link #done}. */
    K take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long wait = promoteDue();
                var key = ready.isEmpty() ? null : ready.removeFirst();
                if (key != null) {
                    inWork.add(key);
                    return key;
                }
                if (!changed.await(wait, TimeUnit.NANOSECONDS)) {
                    continue;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void done(K key) {
        lock.lock();
        try {
            inWork.remove(key);
            if (again.remove(key)) {
                ready.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void succeeded(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure and has the key handed out again after a wait that doubles each time. Returns the count. */
    int failed(K key) {
        lock.lock();
        try {
            int count = failures.merge(key, 1, Integer::sum);
            long wait = FIRST_WAIT.toNanos() << Math.min(count - 1, 20);
            addAfter(key, Duration.ofNanos(Math.min(wait, LONGEST_WAIT.toNanos())));
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what is due; returns how long until the next is. */
    @GuardedBy("lock")
    private long promoteDue() {
        long now = time.nanoTime();
        while (true) {
            var first = delayed.peek();
            if (first == null) {
                return TimeUnit.HOURS.toNanos(1);
            }
            if (first.due() - now > 0) {
                return first.due() - now;
            }
            delayed.poll();
            if (inWork.contains(first.key())) {
                again.add(first.key());
            } else {
                ready.add(first.key());
            }
        }
    }
}
