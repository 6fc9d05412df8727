package dev.gossamer.kube.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest state of each object, on its way from many informers to one consumer.
 *
 * <p>A state that is superseded before it was taken is skipped, and an object that came and went meanwhile is not
 * mentioned at all. So the queue is bounded by the objects there are plus those the consumer has yet to hear the end of,
 * and informers never wait. An object keeps its place when it changes again: one that changes all the time still gets its
 * turn. Thread-safe.
 */
final class ChangeQueue {
    /** The newest state of an object that awaits delivery; gone if {@code object} is null. */
    private record Pending(@Nullable HasMetadata object) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    @GuardedBy("lock")
    private final LinkedHashMap<ObjectKey, Pending> pending = new LinkedHashMap<>();

    /** What the consumer was told, which is what it is compared to: this is what keeps a re-list quiet. */
    @GuardedBy("lock")
    private final Map<ObjectKey, HasMetadata> delivered = new HashMap<>();

    /** An object replaced by another of its name makes two changes. */
    @GuardedBy("lock")
    private final Deque<Change> next = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean syncPending;

    void upsert(ObjectKey key, HasMetadata object) {
        lock.lock();
        try {
            var known = delivered.get(key);
            if (known != null && sameVersion(known, object)) {
                // Also the way back: what was to be delivered is the delivered state again.
                pending.remove(key);
                return;
            }
            pending.put(key, new Pending(object));
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    void delete(ObjectKey key) {
        lock.lock();
        try {
            if (delivered.containsKey(key)) {
                pending.put(key, new Pending(null));
                filled.signal();
            } else {
                pending.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Deletes every object of a kind that the API no longer serves. */
    void deleteAll(Kind<?> kind) {
        lock.lock();
        try {
            var known = new HashSet<>(delivered.keySet());
            known.addAll(pending.keySet());
            for (var key : known) {
                if (key.kind().equals(kind)) {
                    delete(key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Everything listed at the start is in the queue: {@link Change.Synced} comes after it. */
    void synced() {
        lock.lock();
        try {
            syncPending = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next change; waits for one. For one consumer only. */
    Change take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                var change = next.poll();
                if (change != null) {
                    return change;
                }
                var entry = pending.pollFirstEntry();
                if (entry != null) {
                    stage(entry.getKey(), entry.getValue());
                } else if (syncPending) {
                    syncPending = false;
                    return new Change.Synced();
                } else {
                    filled.await();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void stage(ObjectKey key, Pending newest) {
        var object = newest.object();
        if (object == null) {
            var known = delivered.remove(key);
            if (known != null) {
                next.add(new Change.Delete(key, known));
            }
            return;
        }
        var known = delivered.put(key, object);
        if (known != null && !sameObject(known, object)) {
            next.add(new Change.Delete(key, known));
            known = null;
        }
        next.add(new Change.Upsert(key, known, object));
    }

    private static boolean sameObject(HasMetadata one, HasMetadata other) {
        return Objects.equals(one.getMetadata().getUid(), other.getMetadata().getUid());
    }

    private static boolean sameVersion(HasMetadata one, HasMetadata other) {
        return sameObject(one, other)
                && Objects.equals(
                        one.getMetadata().getResourceVersion(),
                        other.getMetadata().getResourceVersion());
    }
}
