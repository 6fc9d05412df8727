package dev.gossamer.xds.server;

import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * All resources of the mesh at one moment.
 *
 * <p>The next snapshot shares all that did not change with this one, so making it, and finding the difference between
 * any two, costs as much as what changed. Immutable.
 */
public final class ResourceSnapshot {
    public static final ResourceSnapshot EMPTY = new ResourceSnapshot(0);

    private final long version;

    private ResourceSnapshot(long version) {
        this.version = version;
    }

    /** Rises with each snapshot. */
    public long version() {
        return version;
    }

    /** By name. */
    public Map<String, Versioned> resources(TypeUrl type) {
        throw new UnsupportedOperationException(type.value());
    }

    /** The names of the resources that are here and were not in {@code previous} or were another version, or are gone. */
    public Set<String> changedSince(ResourceSnapshot previous, TypeUrl type) {
        throw new UnsupportedOperationException(type.value() + previous);
    }

    /** The next snapshot, all changes at once. */
    public ResourceSnapshot with(Map<TypeUrl, Change> changes) {
        throw new UnsupportedOperationException(changes.toString());
    }

    /** What to put and what to remove, of one type; what is put under its present version changes nothing. Immutable. */
    public record Change(Collection<Versioned> put, Collection<String> remove) {}
}
