package dev.gossamer.kube.server.storage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one resource from some version on, in order and without gaps.
 *
 * <p>Bounded: who does not take changes as fast as they come finds the watch ended. One thread takes; the store offers
 * under its lock.
 */
public final class Watch implements AutoCloseable {
    private final Store store;
    private final String resource;
    private final Listing start;
    private final BlockingQueue<Change> waiting;
    private volatile boolean ended;

    Watch(Store store, String resource, Listing start, List<Change> missed, int limit) {
        this.store = store;
        this.resource = resource;
        this.start = start;
        this.waiting = new ArrayBlockingQueue<>(Math.max(limit, missed.size() + 1));
        this.waiting.addAll(missed);
    }

    /** What was there when the watch began, if it was asked for; else empty, at the version it goes on from. */
    public Listing start() {
        return start;
    }

    /** The next change, or null if none came in {@code patience} or the watch ended. */
    public @Nullable Change next(Duration patience) throws InterruptedException {
        if (ended && waiting.isEmpty()) {
            return null;
        }
        return waiting.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** There will be no further change: the reader was too slow, or the store closed. */
    public boolean ended() {
        return ended && waiting.isEmpty();
    }

    /** The version up to which this watch has given out everything, or 0 while changes wait to be taken. */
    public long progress() {
        return store.progress(this);
    }

    boolean idle() {
        return waiting.isEmpty();
    }

    String resource() {
        return resource;
    }

    boolean offer(Change change) {
        if (!ended && !waiting.offer(change)) {
            end();
        }
        return !ended;
    }

    void end() {
        ended = true;
    }

    @Override
    public void close() {
        end();
        store.drop(this);
    }
}
