package dev.gossamer.control.translate;

import dev.gossamer.control.observed.NodeObject;
import dev.gossamer.core.workload.Locality;
import org.jspecify.annotations.Nullable;

/** Where workloads stand. */
public final class Localities {
    private Localities() {}

    public static Locality of(@Nullable NodeObject node) {
        if (node == null) {
            return Locality.UNKNOWN;
        }
        var labels = node.metadata().labels();
        return new Locality(
                labels.getOrDefault(MeshKeys.REGION, ""),
                labels.getOrDefault(MeshKeys.ZONE, ""),
                labels.getOrDefault(MeshKeys.SUBZONE, ""));
    }

    /** Reads {@code region/zone/subzone}; parts at the end may be missing. */
    static Locality parse(String text) {
        var parts = text.split("/", 3);
        return new Locality(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }
}
