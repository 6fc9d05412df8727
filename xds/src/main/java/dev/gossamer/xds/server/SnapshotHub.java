package dev.gossamer.xds.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.xds.delta.ResourceSnapshot;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands the newest snapshot to any number of waiting sessions.
 *
 * <p>Keeps no queue: a slow session skips versions and is sent only the newest, which is all the debouncing there is.
 * Until the first snapshot is published, sessions answer nothing: a control plane that has just started knows nothing,
 * and must not tell its proxies that nothing is left. An empty mesh is published like any other.
 * Thread-safe.
 */
public final class SnapshotHub {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    /** Sessions, which wait for their clients as well as for snapshots, and so cannot wait here. */
    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

    @GuardedBy("lock")
    private ResourceSnapshot current = ResourceSnapshot.EMPTY;

    /**
     * Called by the one thread that builds snapshots.
     *
     * @throws IllegalArgumentException if {@code next} is not newer than the current one: a bug of the builder's
     */
    public void publish(ResourceSnapshot next) {
        lock.lock();
        try {
            if (next.version() <= current.version()) {
                throw new IllegalArgumentException(
                        "snapshot " + next.version() + " published after " + current.version());
            }
            current = next;
            published.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    public ResourceSnapshot current() {
        lock.lock();
        try {
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Waits (on a virtual thread) until there is a snapshot newer than {@code seenVersion}. */
    public ResourceSnapshot awaitNewerThan(long seenVersion) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (current.version() <= seenVersion) {
                published.await();
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** {@code wake} is called after each publication, by the publishing thread; it does not wait. */
    void addListener(Runnable wake) {
        listeners.add(wake);
    }

    void removeListener(Runnable wake) {
        listeners.remove(wake);
    }
}
