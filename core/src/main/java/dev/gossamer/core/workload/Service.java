package dev.gossamer.core.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name with virtual addresses in front of workloads.
 *
 * <p>Mirrors {@code istio.workload.Service}. Immutable.
 *
 * @param displayName of the object: {@code cart} for {@code cart.shop.svc.cluster.local}
 * @param addresses none for a headless service
 * @param subjectAltNames SPIFFE ids that a server may present beside its own, as text: what cannot be read is ignored
 * @param waypoint {@code weightedWaypoints} wins where it is not empty
 * @param canonical the one to take where several namespaces claim the hostname and none is the client's
 */
public record Service(
        ServiceName name,
        String displayName,
        List<VirtualAddress> addresses,
        List<ServicePort> ports,
        List<String> subjectAltNames,
        @Nullable GatewayAddress waypoint,
        List<WeightedWaypoint> weightedWaypoints,
        LoadBalancing loadBalancing,
        IpFamilies ipFamilies,
        boolean canonical,
        Visibility visibility) {
    public Service {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        subjectAltNames = List.copyOf(subjectAltNames);
        weightedWaypoints = List.copyOf(weightedWaypoints);
    }

    public enum IpFamilies {
        AUTOMATIC,
        IPV4_ONLY,
        IPV6_ONLY,
        DUAL
    }

    public enum Visibility {
        PUBLIC,
        /** Only clients of its own namespace see it. */
        NAMESPACE
    }

    /** One of several waypoints that share a service's connections. Immutable. */
    public record WeightedWaypoint(GatewayAddress destination, long weight) {}
}
