package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** One reconciling loop. Confined to its own thread, except {@link #affectedBy}, which the watch calls. */
interface Controller {
    String name();

    /** What is to be looked at because {@code object}, of {@code kind}, came, changed or went. */
    Collection<Request> affectedBy(Kind<?> kind, HasMetadata object);

    /**
     * Brings the named object one step closer to what it should be. It may be gone by now.
     *
     * @return when to look again even if nothing changes; null for never
     */
    @Nullable
    Duration reconcile(Request request);
}
