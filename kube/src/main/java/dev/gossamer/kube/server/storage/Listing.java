package dev.gossamer.kube.server.storage;

import java.util.List;

/**
 * The objects of a resource as they all stood after change {@code version}, by namespace and name.
 *
 * <p>Immutable.
 */
public record Listing(long version, List<Entry> entries) {
    public Listing {
        entries = List.copyOf(entries);
    }
}
