package dev.gossamer.kube.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/** One step of the cluster's state, as its single consumer sees it. Immutable. */
public sealed interface Change {
    /**
     * An object is new or differs from what was delivered before.
     *
     * @param old what was delivered before, so always the same object (by uid) in an older state; states in between may
     *     have been skipped
     */
    record Upsert(ObjectKey key, @Nullable HasMetadata old, HasMetadata object) implements Change {}

    /**
     * An object that was delivered before is gone. One that is replaced by another of the same name is deleted first.
     *
     * @param object as it was delivered last
     */
    record Delete(ObjectKey key, HasMetadata object) implements Change {}

    /**
     * All that was there at the start has been delivered. Comes once; kinds that the API does not serve are not waited
     * for.
     */
    record Synced() implements Change {}
}
