package dev.gossamer.kube.controller;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of the cluster as far as they are known: what the watch told, and what this process wrote itself since.
 *
 * <p>Thread-safe: readers see each object whole, in its newest known version.
 */
final class ClusterView {
    /** How long an object that we created may stay unseen by the watch before it is taken for gone. */
    private static final Duration UNSEEN_LIMIT = Duration.ofSeconds(30);

    /** {@code learnedNanos}: when we wrote it, if the watch has not shown it yet; else {@link #SEEN}. */
    private record Entry(HasMetadata object, long learnedNanos) {}

    private static final long SEEN = Long.MIN_VALUE;

    private final TimeSource time;
    private final Map<Kind<?>, Map<String, Map<String, Entry>>> kinds = new ConcurrentHashMap<>();

    ClusterView(TimeSource time) {
        this.time = time;
    }

    <T extends HasMetadata> @Nullable T get(Kind<T> kind, String namespace, String name) {
        var entry = namespaceOf(kind, namespace).get(name);
        return entry == null || isStale(entry) ? null : kind.type().cast(entry.object());
    }

    <T extends HasMetadata> List<T> list(Kind<T> kind, String namespace) {
        return objects(kind, namespaceOf(kind, namespace).values());
    }

    <T extends HasMetadata> List<T> listAll(Kind<T> kind) {
        return namespacesOf(kind).values().stream()
                .flatMap(names -> objects(kind, names.values()).stream())
                .toList();
    }

    <T extends HasMetadata> List<T> controlledBy(Kind<T> kind, HasMetadata owner) {
        return list(kind, Objects.namespace(owner)).stream()
                .filter(object -> Objects.isControlledBy(object, owner))
                .toList();
    }

    /** The watch showed this state. */
    void seen(Kind<?> kind, HasMetadata object) {
        namespaceOf(kind, Objects.namespace(object))
                .merge(object.getMetadata().getName(), new Entry(object, SEEN), ClusterView::newer);
    }

    /** The API answered a write of ours with this state. */
    void written(Kind<?> kind, HasMetadata object) {
        namespaceOf(kind, Objects.namespace(object))
                .merge(object.getMetadata().getName(), new Entry(object, time.nanoTime()), ClusterView::newer);
    }

    /** The watch showed its end. */
    void gone(Kind<?> kind, HasMetadata object) {
        namespaceOf(kind, Objects.namespace(object))
                .computeIfPresent(
                        object.getMetadata().getName(), (_, known) -> sameUid(known.object(), object) ? null : known);
    }

    private static Entry newer(Entry known, Entry candidate) {
        if (!sameUid(known.object(), candidate.object())) {
            // A successor of the same name; the watch is never behind about who is there, except for what we just made.
            return candidate;
        }
        long seen = known.learnedNanos() == SEEN ? SEEN : candidate.learnedNanos();
        // A deletion cannot be taken back: a state from before it that arrives late must not bring the object to life
        // again.
        boolean late = Objects.isBeingDeleted(known.object()) && !Objects.isBeingDeleted(candidate.object());
        return !late && version(candidate.object()) >= version(known.object())
                ? new Entry(candidate.object(), seen)
                : new Entry(known.object(), seen);
    }

    /** Resource versions are numbers that grow, in every server there is; one that is not counts as the newest. */
    private static long version(HasMetadata object) {
        var version = object.getMetadata().getResourceVersion();
        try {
            return version == null ? Long.MAX_VALUE : Long.parseLong(version);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static boolean sameUid(HasMetadata one, HasMetadata other) {
        return java.util.Objects.equals(
                one.getMetadata().getUid(), other.getMetadata().getUid());
    }

    private boolean isStale(Entry entry) {
        return entry.learnedNanos() != SEEN && time.nanoTime() - entry.learnedNanos() > UNSEEN_LIMIT.toNanos();
    }

    private <T extends HasMetadata> List<T> objects(Kind<T> kind, Collection<Entry> entries) {
        return entries.stream()
                .filter(entry -> !isStale(entry))
                .map(entry -> kind.type().cast(entry.object()))
                .toList();
    }

    private Map<String, Map<String, Entry>> namespacesOf(Kind<?> kind) {
        return kinds.computeIfAbsent(kind, _ -> new ConcurrentHashMap<>());
    }

    private Map<String, Entry> namespaceOf(Kind<?> kind, String namespace) {
        return namespacesOf(kind).computeIfAbsent(namespace, _ -> new ConcurrentHashMap<>());
    }
}
