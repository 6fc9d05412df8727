package dev.gossamer.control.observed;

import java.util.HashMap;
import java.util.Map;

/** A server outside the cluster that is a workload of the mesh. Immutable. */
public record WorkloadEntryObject(Metadata metadata, Endpoint endpoint) implements Observed {
    /** What selectors look at: the object's labels, and over them those of its spec. */
    public Map<String, String> labels() {
        var all = new HashMap<>(metadata.labels());
        all.putAll(endpoint.labels());
        return Map.copyOf(all);
    }

    @Override
    public Kind kind() {
        return Kind.WORKLOAD_ENTRY;
    }
}
