package dev.gossamer.kube.server.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one resource, with their recent history and whoever watches them.
 *
 * <p>Confined to the store's lock.
 */
final class Shelf {
    private final int historyLimit;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final ArrayDeque<Change> history = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();

    /** Changes up to this version are not in the history (any more). */
    private long forgotten;

    Shelf(int historyLimit, long forgotten) {
        this.historyLimit = historyLimit;
        this.forgotten = forgotten;
    }

    @Nullable
    Entry get(Key key) {
        return entries.get(key.place());
    }

    void restore(Entry entry) {
        entries.put(entry.key().place(), entry);
    }

    void remove(Key key) {
        entries.remove(key.place());
    }

    void apply(Change change) {
        var key = change.after().key();
        if (change.deleted()) {
            remove(key);
        } else {
            restore(change.after());
        }
        history.addLast(change);
        if (history.size() > historyLimit) {
            forgotten = history.removeFirst().version();
        }
        // A watch that cannot keep up closes itself; its client lists again.
        watches.removeIf(watch -> !watch.offer(change));
    }

    List<Entry> all(String namespace) {
        return List.copyOf(within(entries, namespace));
    }

    /** As {@link #all}, after change {@code version}: newer changes are taken back. */
    List<Entry> allAt(String namespace, long version) throws ForgottenException {
        requireReach(version);
        var then = new TreeMap<>(entries);
        for (var newest = history.descendingIterator(); newest.hasNext(); ) {
            var change = newest.next();
            if (change.version() <= version) {
                break;
            }
            var place = change.after().key().place();
            if (change.before() == null) {
                then.remove(place);
            } else {
                then.put(place, change.before());
            }
        }
        return List.copyOf(within(then, namespace));
    }

    private static List<Entry> within(TreeMap<String, Entry> entries, String namespace) {
        return namespace.isEmpty()
                ? new ArrayList<>(entries.values())
                // '0' follows '/' in ASCII, so this is every place that begins with "namespace/".
                : new ArrayList<>(
                        entries.subMap(namespace + "/", namespace + "0").values());
    }

    /** Changes after {@code version}, oldest first. */
    List<Change> since(long version) throws ForgottenException {
        requireReach(version);
        var newer = new ArrayList<Change>();
        for (var newest = history.descendingIterator(); newest.hasNext(); ) {
            var change = newest.next();
            if (change.version() <= version) {
                break;
            }
            newer.add(change);
        }
        return List.copyOf(newer.reversed());
    }

    private void requireReach(long version) throws ForgottenException {
        if (version < forgotten) {
            throw new ForgottenException(version, forgotten);
        }
    }

    void add(Watch watch) {
        watches.add(watch);
    }

    void drop(Watch watch) {
        watches.remove(watch);
    }

    void closeWatches() {
        watches.forEach(Watch::end);
        watches.clear();
    }

    int size() {
        return entries.size();
    }
}
