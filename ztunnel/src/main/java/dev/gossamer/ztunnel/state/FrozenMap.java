package dev.gossamer.ztunnel.state;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash map of which a changed version costs little: versions share all buckets that no change touched.
 *
 * <p>A bucket is a short flat array of keys and values, so an entry costs two references and no object. Immutable.
 */
final class FrozenMap<K, V> {
    private static final int MAX_LOAD = 6;
    private static final FrozenMap<?, ?> EMPTY = new FrozenMap<>(new Object[16][], 0);

    private final Object[] @Nullable [] buckets;
    private final int size;

    private FrozenMap(Object[] @Nullable [] buckets, int size) {
        this.buckets = buckets;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // holds neither K nor V
    static <K, V> FrozenMap<K, V> empty() {
        return (FrozenMap<K, V>) EMPTY;
    }

    int size() {
        return size;
    }

    @Nullable
    V get(K key) {
        return find(buckets, key);
    }

    void forEach(BiConsumer<K, V> action) {
        visit(buckets, action);
    }

    /** Starts a changed version; the editor is one thread's. */
    Editor<K, V> edit() {
        return new Editor<>(this);
    }

    /** Changes on their way to the next version. Confined to the thread that made it. */
    static final class Editor<K, V> {
        private final FrozenMap<K, V> base;
        private Object[] @Nullable [] buckets;
        private int size;

        private Editor(FrozenMap<K, V> base) {
            this.base = base;
            this.buckets = base.buckets;
            this.size = base.size;
        }

        @Nullable
        V get(K key) {
            return find(buckets, key);
        }

        void put(K key, V value) {
            own();
            int slot = slot(key, buckets.length);
            var bucket = buckets[slot];
            int at = position(bucket, key);
            if (bucket == null) {
                buckets[slot] = new Object[] {key, value};
                size++;
            } else if (at >= 0) {
                var copy = bucket.clone();
                copy[at + 1] = value;
                buckets[slot] = copy;
            } else {
                var copy = Arrays.copyOf(bucket, bucket.length + 2);
                copy[bucket.length] = key;
                copy[bucket.length + 1] = value;
                buckets[slot] = copy;
                size++;
            }
            if (size > buckets.length * MAX_LOAD) {
                grow();
            }
        }

        void remove(K key) {
            int slot = slot(key, buckets.length);
            int at = position(buckets[slot], key);
            if (at < 0) {
                return;
            }
            own();
            var bucket = Objects.requireNonNull(buckets[slot]);
            size--;
            if (bucket.length == 2) {
                buckets[slot] = null;
                return;
            }
            var copy = new Object[bucket.length - 2];
            System.arraycopy(bucket, 0, copy, 0, at);
            System.arraycopy(bucket, at + 2, copy, at, copy.length - at);
            buckets[slot] = copy;
        }

        /** The version with all changes so far; the editor may go on. */
        FrozenMap<K, V> freeze() {
            if (buckets == base.buckets) {
                return base;
            }
            return new FrozenMap<>(buckets.clone(), size);
        }

        private void own() {
            if (buckets == base.buckets) {
                buckets = buckets.clone();
            }
        }

        private void grow() {
            Object[] @Nullable [] larger = new Object[buckets.length * 4][];
            FrozenMap.<K, V>visit(buckets, (key, value) -> {
                int slot = slot(key, larger.length);
                var bucket = larger[slot];
                if (bucket == null) {
                    larger[slot] = new Object[] {key, value};
                } else {
                    var copy = Arrays.copyOf(bucket, bucket.length + 2);
                    copy[bucket.length] = key;
                    copy[bucket.length + 1] = value;
                    larger[slot] = copy;
                }
            });
            buckets = larger;
        }
    }

    @SuppressWarnings("unchecked") // put stores nothing else
    private static <K, V> @Nullable V find(Object[] @Nullable [] buckets, K key) {
        var bucket = buckets[slot(key, buckets.length)];
        int at = position(bucket, key);
        return at < 0 || bucket == null ? null : (V) bucket[at + 1];
    }

    @SuppressWarnings("unchecked") // put stores nothing else
    private static <K, V> void visit(Object[] @Nullable [] buckets, BiConsumer<K, V> action) {
        for (var bucket : buckets) {
            if (bucket != null) {
                for (int i = 0; i < bucket.length; i += 2) {
                    action.accept((K) bucket[i], (V) bucket[i + 1]);
                }
            }
        }
    }

    private static int position(Object @Nullable [] bucket, Object key) {
        if (bucket != null) {
            for (int i = 0; i < bucket.length; i += 2) {
                if (key.equals(bucket[i])) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static int slot(Object key, int buckets) {
        // Records hash by 31 * a + b, which leaves the low bits poor.
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 16) & buckets - 1;
    }
}
