package dev.gossamer.core.workload;

import java.util.List;

/**
 * Which endpoints of a service a client prefers.
 *
 * <p>Immutable.
 *
 * @param routingPreference scopes from the widest; an endpoint ranks by how many leading ones it shares with the client
 */
public record LoadBalancing(List<Scope> routingPreference, Mode mode, HealthPolicy healthPolicy) {
    public static final LoadBalancing DEFAULT =
            new LoadBalancing(List.of(), Mode.UNSPECIFIED, HealthPolicy.ONLY_HEALTHY);

    public LoadBalancing {
        routingPreference = List.copyOf(routingPreference);
    }

    public enum Scope {
        REGION,
        ZONE,
        SUBZONE,
        NODE,
        CLUSTER,
        NETWORK
    }

    public enum Mode {
        UNSPECIFIED,
        /** Only endpoints that share every scope. */
        STRICT,
        /** The endpoints that share the most. */
        FAILOVER,
        /** Goes to the original address where no endpoint is known. */
        PASSTHROUGH
    }

    public enum HealthPolicy {
        ONLY_HEALTHY,
        ALLOW_ALL
    }
}
