package dev.gossamer.xds.codec;

import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;

/** What an {@code Address} resource holds. Immutable. */
public sealed interface MeshResource {
    /** The resource's name on the wire. */
    String name();

    record OfWorkload(Workload workload) implements MeshResource {
        @Override
        public String name() {
            return workload.uid();
        }
    }

    record OfService(Service service) implements MeshResource {
        @Override
        public String name() {
            return service.name().toString();
        }
    }
}
