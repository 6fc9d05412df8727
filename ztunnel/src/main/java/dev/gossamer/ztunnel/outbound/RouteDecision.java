package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a captured connection goes. Immutable. */
public sealed interface RouteDecision {
    /** To whatever is at the address, which the mesh does not know. */
    record Passthrough(InetSocketAddress target, @Nullable Service service) implements RouteDecision {}

    /** To a workload that does not speak HBONE. {@code target} may be a name that is yet to be resolved. */
    record Direct(InetSocketAddress target, Upstream upstream) implements RouteDecision {}

    /**
     * Through a tunnel to the destination's own node proxy.
     *
     * @param tunnel where to dial
     * @param authority what to ask for there
     * @param expected whoever answers must be one of these
     */
    record Hbone(InetSocketAddress tunnel, String authority, Set<SpiffeId> expected, Upstream upstream)
            implements RouteDecision {}

    /**
     * Through a tunnel to a waypoint, which carries on.
     *
     * @param waypoint where to dial, and who is there
     * @param authority the destination that the client meant
     * @param service what the client meant, if that is a service
     */
    record ViaWaypoint(
            InetSocketAddress tunnel,
            String authority,
            Set<SpiffeId> expected,
            Workload waypoint,
            @Nullable Service service)
            implements RouteDecision {}

    /** Nowhere. */
    record Error(String reason, CloseCode code, @Nullable Service service) implements RouteDecision {}

    /** Who serves the connection. {@code service}: as which it was asked for, if it was. Immutable. */
    record Upstream(Workload workload, @Nullable Service service) {}
}
