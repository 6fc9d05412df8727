package dev.gossamer.xds.delta;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map by text that never changes: {@link #put} and {@link #remove} return another one, which shares what is equal.
 *
 * <p>A hash trie: each node has up to 32 children, chosen by five bits of the hash. Two maps with a common ancestor are
 * compared by comparing references, so that takes as long as they differ. Immutable.
 */
final class PersistentMap<V> {
    private static final PersistentMap<?> EMPTY = new PersistentMap<>(new Branch(0, new Object[0]), 0);
    private static final int BITS = 5;
    private static final int MASK = 31;

    private final Branch root;
    private final int size;

    private PersistentMap(Branch root, int size) {
        this.root = root;
        this.size = size;
    }

    /** A node's child is a further {@code Branch}, an {@code Entry}, or {@code Entries} whose hashes are all equal. */
    private record Branch(int bitmap, Object[] children) {
        int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }
    }

    private record Entry(int hash, String key, Object value) {}

    private record Entries(int hash, Entry[] all) {}

    /** Is told of each key whose values differ; absent values: the key is not there. */
    @FunctionalInterface
    interface Differences<V> {
        void differ(String key, @Nullable V before, @Nullable V after);
    }

    @SuppressWarnings("unchecked") // holds no V
    static <V> PersistentMap<V> empty() {
        return (PersistentMap<V>) EMPTY;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // only put stores values, and it takes a V
    @Nullable
    V get(String key) {
        int hash = hash(key);
        Object node = root;
        int shift = 0;
        while (node instanceof Branch branch) {
            int bit = bit(hash, shift);
            if ((branch.bitmap & bit) == 0) {
                return null;
            }
            node = branch.children[branch.index(bit)];
            shift += BITS;
        }
        var entry = find(node, hash, key);
        return entry == null ? null : (V) entry.value;
    }

    PersistentMap<V> put(String key, V value) {
        boolean present = get(key) != null;
        var entry = new Entry(hash(key), key, (Object) value);
        return new PersistentMap<>(with(root, entry, 0), present ? size : size + 1);
    }

    PersistentMap<V> remove(String key) {
        if (get(key) == null) {
            return this;
        }
        var rest = without(root, hash(key), key, 0);
        if (rest == null) {
            return empty();
        }
        return new PersistentMap<>(rest instanceof Branch branch ? branch : wrap(rest), size - 1);
    }

    void forEach(BiConsumer<String, V> action) {
        visit(root, action);
    }

    /** Calls {@code differences} for each key whose value here is not the very object that it is in {@code before}. */
    void diff(PersistentMap<V> before, Differences<V> differences) {
        diff(before.root, root, 0, differences);
    }

    private static int hash(String key) {
        int hash = key.hashCode();
        return hash ^ hash >>> 16;
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift & MASK);
    }

    private static int hashOf(Object leaf) {
        return leaf instanceof Entry entry ? entry.hash : ((Entries) leaf).hash;
    }

    private static @Nullable Entry find(Object leaf, int hash, String key) {
        if (leaf instanceof Entry entry) {
            return entry.hash == hash && entry.key.equals(key) ? entry : null;
        }
        for (var entry : ((Entries) leaf).all) {
            if (entry.hash == hash && entry.key.equals(key)) {
                return entry;
            }
        }
        return null;
    }

    private static Branch with(Branch branch, Entry entry, int shift) {
        int bit = bit(entry.hash, shift);
        int index = branch.index(bit);
        if ((branch.bitmap & bit) == 0) {
            var children = new Object[branch.children.length + 1];
            System.arraycopy(branch.children, 0, children, 0, index);
            children[index] = entry;
            System.arraycopy(branch.children, index, children, index + 1, branch.children.length - index);
            return new Branch(branch.bitmap | bit, children);
        }
        var children = branch.children.clone();
        var child = children[index];
        children[index] =
                child instanceof Branch deeper ? with(deeper, entry, shift + BITS) : join(child, entry, shift + BITS);
        return new Branch(branch.bitmap, children);
    }

    /** {@code leaf} and {@code entry} below one place: the same hash ends in one node, different ones in branches. */
    private static Object join(Object leaf, Entry entry, int shift) {
        if (hashOf(leaf) == entry.hash) {
            return leaf instanceof Entry other ? pair(other, entry) : replaced((Entries) leaf, entry);
        }
        return with(new Branch(bit(hashOf(leaf), shift), new Object[] {leaf}), entry, shift);
    }

    private static Object pair(Entry old, Entry entry) {
        return old.key.equals(entry.key) ? entry : new Entries(entry.hash, new Entry[] {old, entry});
    }

    private static Entries replaced(Entries leaf, Entry entry) {
        for (int i = 0; i < leaf.all.length; i++) {
            if (leaf.all[i].key.equals(entry.key)) {
                var all = leaf.all.clone();
                all[i] = entry;
                return new Entries(leaf.hash, all);
            }
        }
        var all = Arrays.copyOf(leaf.all, leaf.all.length + 1);
        all[leaf.all.length] = entry;
        return new Entries(leaf.hash, all);
    }

    /** What remains of a branch that holds {@code key}; a single leaf moves up, so that equal maps have equal shapes. */
    private static @Nullable Object without(Branch branch, int hash, String key, int shift) {
        int bit = bit(hash, shift);
        int index = branch.index(bit);
        var child = branch.children[index];
        var rest = child instanceof Branch deeper ? without(deeper, hash, key, shift + BITS) : without(child, key);
        if (rest == null) {
            if (branch.children.length == 1) {
                return null;
            }
            if (branch.children.length == 2 && !(branch.children[1 - index] instanceof Branch)) {
                return branch.children[1 - index];
            }
            var children = new Object[branch.children.length - 1];
            System.arraycopy(branch.children, 0, children, 0, index);
            System.arraycopy(branch.children, index + 1, children, index, children.length - index);
            return new Branch(branch.bitmap ^ bit, children);
        }
        if (branch.children.length == 1 && !(rest instanceof Branch)) {
            return rest;
        }
        var children = branch.children.clone();
        children[index] = rest;
        return new Branch(branch.bitmap, children);
    }

    private static @Nullable Object without(Object leaf, String key) {
        if (leaf instanceof Entry) {
            return null;
        }
        var all = Arrays.stream(((Entries) leaf).all)
                .filter(entry -> !entry.key.equals(key))
                .toArray(Entry[]::new);
        return all.length == 1 ? all[0] : new Entries(((Entries) leaf).hash, all);
    }

    /** The root is a branch even when it holds a single leaf. */
    private static Branch wrap(Object leaf) {
        return new Branch(bit(hashOf(leaf), 0), new Object[] {leaf});
    }

    @SuppressWarnings("unchecked") // only put stores values, and it takes a V
    private static <V> void visit(Object node, BiConsumer<String, V> action) {
        switch (node) {
            case Branch branch -> {
                for (var child : branch.children) {
                    visit(child, action);
                }
            }
            case Entries entries -> {
                for (var entry : entries.all) {
                    action.accept(entry.key, (V) entry.value);
                }
            }
            default -> action.accept(((Entry) node).key, (V) ((Entry) node).value);
        }
    }

    private static <V> void diff(
            @Nullable Object before, @Nullable Object after, int shift, Differences<V> differences) {
        if (before == after) {
            return;
        }
        if (before instanceof Branch || after instanceof Branch) {
            for (int i = 0; i <= MASK; i++) {
                diff(child(before, 1 << i, shift), child(after, 1 << i, shift), shift + BITS, differences);
            }
            return;
        }
        if (before != null) {
            PersistentMap.<V>visit(before, (key, value) -> {
                var now = after == null ? null : find(after, hashOf(before), key);
                if (now == null || now.value != value) {
                    differences.differ(key, value, PersistentMap.<V>value(now));
                }
            });
        }
        if (after != null) {
            PersistentMap.<V>visit(after, (key, value) -> {
                if (before == null || find(before, hashOf(after), key) == null) {
                    differences.differ(key, null, value);
                }
            });
        }
    }

    @SuppressWarnings("unchecked") // only put stores values, and it takes a V
    private static <V> @Nullable V value(@Nullable Entry entry) {
        return entry == null ? null : (V) entry.value;
    }

    /** What stands below one of a branch's places; a leaf stands at the one place that its hash gives. */
    private static @Nullable Object child(@Nullable Object node, int bit, int shift) {
        if (node instanceof Branch branch) {
            return (branch.bitmap & bit) == 0 ? null : branch.children[branch.index(bit)];
        }
        return node != null && bit(hashOf(node), shift) == bit ? node : null;
    }
}
