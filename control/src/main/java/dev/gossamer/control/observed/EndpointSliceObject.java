package dev.gossamer.control.observed;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of a service, by address.
 *
 * <p>Slices of host names are not read. Immutable.
 *
 * @param service the service's name, in the slice's namespace; absent: nobody's
 */
public record EndpointSliceObject(
        Metadata metadata, @Nullable String service, List<Endpoint> endpoints, List<Port> ports) implements Observed {
    public EndpointSliceObject {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /** {@code pod}: whose address it is; absent for one outside the cluster. Immutable. */
    public record Endpoint(
            InetAddress address, boolean ready, @Nullable PodReference pod) {}

    /** {@code uid} empty: any pod of this name. Immutable. */
    public record PodReference(ObjectName name, String uid) {}

    /** Only TCP. Immutable. */
    public record Port(String name, int port) {}

    public @Nullable ObjectName serviceName() {
        return service == null ? null : new ObjectName(metadata.namespace(), service);
    }

    @Override
    public Kind kind() {
        return Kind.ENDPOINT_SLICE;
    }
}
