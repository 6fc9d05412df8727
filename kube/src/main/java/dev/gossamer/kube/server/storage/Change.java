package dev.gossamer.kube.server.storage;

import org.jspecify.annotations.Nullable;

/**
 * One step in the history of all objects.
 *
 * <p>Immutable.
 *
 * @param before absent where the object is new
 * @param after the object from now on; where {@code deleted}, its last state
 */
public record Change(@Nullable Entry before, Entry after, boolean deleted) {
    public long version() {
        return after.version();
    }
}
