package dev.gossamer.kube.server.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.kube.server.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * All objects, and the one order of their changes.
 *
 * <p>With a journal, a change becomes visible (to readers, watchers and the writer itself) only when it is on disk, so
 * nobody ever sees a version that a crash takes back and that later means something else. Changes that arrive while
 * the disk is busy share the next flush. Writers build on {@link #newest}, which is ahead of what readers see by the
 * changes that are on their way to the disk.
 *
 * <p>Thread-safe: one lock.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    /** Changes kept per resource for watches and paged lists to go back to. */
    static final int HISTORY = 4096;

    /** Changes that may wait for one watcher. */
    static final int WATCH_QUEUE = 2048;

    private record Pending(Change change, CompletableFuture<Entry> durable) {}

    private final @Nullable Journal journal;
    private final @Nullable Thread flusher;
    private final int historyLimit;
    private final int watchLimit;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();

    @GuardedBy("lock")
    private final Map<String, Shelf> shelves = new HashMap<>();

    /** By key, the newest state that is not visible yet. */
    @GuardedBy("lock")
    private final Map<Key, Change> ahead = new HashMap<>();

    @GuardedBy("lock")
    private List<Pending> queue = new ArrayList<>();

    @GuardedBy("lock")
    private final List<BlockingQueue<Change>> taps = new ArrayList<>();

    @GuardedBy("lock")
    private long lastVersion;

    @GuardedBy("lock")
    private long visibleVersion;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    @GuardedBy("lock")
    private boolean closed;

    private final long firstVersion;

    private Store(@Nullable Journal journal, int historyLimit, int watchLimit, Recovered recovered) {
        this.journal = journal;
        this.historyLimit = historyLimit;
        this.watchLimit = watchLimit;
        this.firstVersion = recovered.version();
        this.lastVersion = recovered.version();
        this.visibleVersion = recovered.version();
        lock.lock();
        try {
            recovered.entries().forEach(entry -> shelf(entry.key().resource()).restore(entry));
        } finally {
            lock.unlock();
        }
        this.flusher =
                journal == null ? null : Thread.ofVirtual().name("journal").unstarted(this::flushUntilClosed);
    }

    /** A store that ends with the process. */
    public static Store inMemory() {
        return inMemory(HISTORY, WATCH_QUEUE);
    }

    static Store inMemory(int historyLimit, int watchLimit) {
        return new Store(null, historyLimit, watchLimit, Recovered.NOTHING);
    }

    /**
     * Opens, or begins, the store in {@code directory}.
     *
     * @throws IOException if the directory cannot be used, is in use by another server, or holds a damaged journal
     */
    public static Store open(Path directory) throws IOException {
        return open(directory, Journal.COMPACT_BYTES);
    }

    static Store open(Path directory, long compactBytes) throws IOException {
        var journal = Journal.open(directory, compactBytes);
        var store = new Store(journal, HISTORY, WATCH_QUEUE, journal.takeRecovered());
        if (store.flusher != null) {
            store.flusher.start();
        }
        return store;
    }

    /** The object as readers see it. */
    public @Nullable Entry get(Key key) {
        lock.lock();
        try {
            return shelf(key.resource()).get(key);
        } finally {
            lock.unlock();
        }
    }

    /** The object as the next writer must see it: includes changes on their way to the disk. */
    public @Nullable Entry newest(Key key) {
        lock.lock();
        try {
            return newestLocked(key);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Entry newestLocked(Key key) {
        var change = ahead.get(key);
        if (change != null) {
            return change.deleted() ? null : change.after();
        }
        return shelf(key.resource()).get(key);
    }

    /** All objects of a resource, in one namespace or ({@code namespace} empty) all of them. */
    public Listing list(String resource, String namespace) {
        lock.lock();
        try {
            return new Listing(visibleVersion, shelf(resource).all(namespace));
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #list}, as it was after change {@code version}. */
    public Listing listAt(String resource, String namespace, long version) throws ForgottenException {
        lock.lock();
        try {
            return new Listing(version, shelf(resource).allAt(namespace, version));
        } finally {
            lock.unlock();
        }
    }

    /** Every resource that has, or had, objects. */
    public List<String> resources() {
        lock.lock();
        try {
            return List.copyOf(shelves.keySet());
        } finally {
            lock.unlock();
        }
    }

    public long version() {
        lock.lock();
        try {
            return visibleVersion;
        } finally {
            lock.unlock();
        }
    }

    /** Every change of every resource from now on, for the server's own loops; unlike a watch it never ends. */
    public BlockingQueue<Change> tap() {
        var tap = new LinkedBlockingQueue<Change>();
        lock.lock();
        try {
            taps.add(tap);
        } finally {
            lock.unlock();
        }
        return tap;
    }

    /** Changes after {@code version}. */
    public Watch watch(String resource, long version) throws ForgottenException {
        lock.lock();
        try {
            var shelf = shelf(resource);
            return register(
                    shelf,
                    new Watch(this, resource, new Listing(version, List.of()), shelf.since(version), watchLimit));
        } finally {
            lock.unlock();
        }
    }

    /** What is there now, and every change from now on. */
    public Watch watchFromNow(String resource) {
        lock.lock();
        try {
            var shelf = shelf(resource);
            var start = new Listing(visibleVersion, shelf.all(""));
            return register(shelf, new Watch(this, resource, start, List.of(), watchLimit));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Watch register(Shelf shelf, Watch watch) {
        if (closed) {
            watch.end();
        } else {
            shelf.add(watch);
        }
        return watch;
    }

    /** Puts a new object in place. {@code object} is the store's from now on and gets its resourceVersion here. */
    public Entry create(Key key, ObjectNode object) throws StaleWriteException, StorageFailedException {
        return commit(key, null, object, false);
    }

    /** Replaces the object that the writer read as {@code before}. */
    public Entry replace(Entry before, ObjectNode object) throws StaleWriteException, StorageFailedException {
        return commit(before.key(), before, object, false);
    }

    /** Removes the object that the writer read as {@code before}; {@code last} is the state that watchers get. */
    public Entry delete(Entry before, ObjectNode last) throws StaleWriteException, StorageFailedException {
        return commit(before.key(), before, last, true);
    }

    private Entry commit(Key key, @Nullable Entry before, ObjectNode object, boolean delete)
            throws StaleWriteException, StorageFailedException {
        CompletableFuture<Entry> durable;
        lock.lock();
        try {
            requireUsable();
            var current = newestLocked(key);
            if ((before == null) != (current == null)
                    || (before != null && current != null && before.version() != current.version())) {
                throw new StaleWriteException();
            }
            long version = ++lastVersion;
            Json.ensureObject(object, "metadata").put("resourceVersion", Long.toString(version));
            var change = new Change(current, new Entry(key, version, object), delete);
            if (journal == null) {
                publish(change);
                return change.after();
            }
            durable = new CompletableFuture<>();
            ahead.put(key, change);
            queue.add(new Pending(change, durable));
            work.signal();
        } finally {
            lock.unlock();
        }
        return await(durable);
    }

    private static Entry await(CompletableFuture<Entry> durable) throws StorageFailedException {
        try {
            return durable.get();
        } catch (ExecutionException e) {
            throw new StorageFailedException(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            // The change may still reach the disk; the client is told that nobody knows.
            throw new StorageFailedException(e);
        }
    }

    @GuardedBy("lock")
    private void requireUsable() throws StorageFailedException {
        if (failure != null) {
            throw new StorageFailedException(failure);
        }
        if (closed) {
            throw new StorageFailedException(new IOException("the API server is stopping"));
        }
    }

    @GuardedBy("lock")
    private void publish(Change change) {
        shelf(change.after().key().resource()).apply(change);
        visibleVersion = change.version();
        taps.forEach(tap -> tap.add(change));
        ahead.remove(change.after().key(), change);
    }

    private void flushUntilClosed() {
        var batch = nextBatch();
        while (!batch.isEmpty()) {
            flush(batch);
            batch = nextBatch();
        }
    }

    /** Waits for changes; none means that the store is closed. */
    private List<Pending> nextBatch() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                work.awaitUninterruptibly();
            }
            var batch = queue;
            queue = new ArrayList<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void flush(List<Pending> batch) {
        var disk = Objects.requireNonNull(journal);
        try {
            disk.append(batch.stream().map(Pending::change).toList());
        } catch (IOException | RuntimeException e) {
            fail(batch, e);
            return;
        }
        List<Entry> everything = List.of();
        long upTo;
        lock.lock();
        try {
            batch.forEach(pending -> publish(pending.change()));
            upTo = visibleVersion;
            if (disk.wantsCompaction()) {
                everything = shelves.values().stream()
                        .flatMap(shelf -> shelf.all("").stream())
                        .toList();
            }
        } finally {
            lock.unlock();
        }
        batch.forEach(pending -> pending.durable().complete(pending.change().after()));
        if (disk.wantsCompaction()) {
            compact(disk, upTo, everything);
        }
    }

    private static void compact(Journal disk, long upTo, List<Entry> everything) {
        try {
            disk.compact(upTo, everything);
        } catch (IOException e) {
            // The journal in use is untouched and goes on growing; the next try comes when it has grown again.
            LOG.warn("the journal could not be compacted and grows on; is the disk full? {}", e.toString());
        }
    }

    private void fail(List<Pending> batch, Throwable cause) {
        LOG.error("the journal cannot be written; all further changes are refused", cause);
        List<Pending> lost;
        lock.lock();
        try {
            failure = cause;
            lost = new ArrayList<>(batch);
            lost.addAll(queue);
            queue = new ArrayList<>();
            ahead.clear();
        } finally {
            lock.unlock();
        }
        lost.forEach(pending -> pending.durable().completeExceptionally(cause));
    }

    long progress(Watch watch) {
        lock.lock();
        try {
            return watch.idle() ? visibleVersion : 0;
        } finally {
            lock.unlock();
        }
    }

    void drop(Watch watch) {
        lock.lock();
        try {
            shelf(watch.resource()).drop(watch);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Shelf shelf(String resource) {
        return shelves.computeIfAbsent(resource, _ -> new Shelf(historyLimit, firstVersion));
    }

    /** Ends all watches; changes under way still reach the disk. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            shelves.values().forEach(Shelf::closeWatches);
            work.signal();
        } finally {
            lock.unlock();
        }
        if (flusher != null && journal != null) {
            try {
                flusher.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            journal.close();
        }
    }
}
