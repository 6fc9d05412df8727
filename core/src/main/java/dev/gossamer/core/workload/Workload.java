package dev.gossamer.core.workload;

import dev.gossamer.core.identity.SpiffeId;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One server or client of the mesh: a pod, a WorkloadEntry, an endpoint of a ServiceEntry.
 *
 * <p>Mirrors {@code istio.workload.Workload}; the groups are ours. Immutable.
 *
 * @param uid unique in the mesh: {@code <cluster>//Pod/<namespace>/<name>} for pods
 * @param policies {@code namespace/name} of the policies that select this workload; those by namespace or for the whole
 *     mesh are not listed
 * @param services ports by service, as this workload serves them
 * @param capacity weight among the endpoints of a service; 0 takes none
 */
public record Workload(
        String uid,
        Owner owner,
        Location location,
        Tunnel tunnel,
        Description description,
        List<String> policies,
        Status status,
        Map<ServiceName, List<ServicePort>> services,
        int capacity) {
    public static final String DEFAULT_CLUSTER = "Kubernetes";

    /** The weight of whatever names none. */
    public static final int DEFAULT_CAPACITY = 1;

    public Workload {
        policies = List.copyOf(policies);
        services = Map.copyOf(services);
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity " + capacity + " of " + uid);
        }
    }

    /** Whose it is. {@code name}: of the pod. Immutable. */
    public record Owner(String name, String namespace, String serviceAccount, String trustDomain, String cluster) {}

    /**
     * Where it is.
     *
     * @param addresses without any, {@code hostname} is resolved by the client
     * @param network empty: the default network
     */
    public record Location(
            List<InetAddress> addresses,
            String hostname,
            String network,
            NetworkMode networkMode,
            String node,
            Locality locality) {
        public Location {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * How to reach it.
     *
     * @param nativeTunnel it terminates HBONE itself
     * @param waypoint only for traffic addressed to the workload itself
     */
    public record Tunnel(
            Protocol protocol,
            boolean nativeTunnel,
            @Nullable GatewayAddress waypoint,
            @Nullable GatewayAddress networkGateway,
            @Nullable ApplicationTunnel application) {
        public static final Tunnel PLAIN = new Tunnel(Protocol.TCP, false, null, null, null);
        public static final Tunnel HBONE = new Tunnel(Protocol.HBONE, false, null, null, null);
    }

    /** What telemetry calls it. {@code workloadName}: of the Deployment, say. Immutable. */
    public record Description(String workloadName, Type type, String canonicalName, String canonicalRevision) {}

    public enum Protocol {
        TCP,
        HBONE
    }

    public enum NetworkMode {
        STANDARD,
        /** Shares its node's address, so it cannot be found by address. */
        HOST_NETWORK
    }

    public enum Type {
        DEPLOYMENT,
        CRONJOB,
        POD,
        JOB
    }

    public enum Status {
        HEALTHY,
        UNHEALTHY
    }

    /** Hands connections to the application in a protocol of its own. {@code port} 0: unset. Immutable. */
    public record ApplicationTunnel(Protocol protocol, int port) {
        public enum Protocol {
            NONE,
            /** PROXY protocol, version 2. */
            PROXY
        }
    }

    public String name() {
        return owner.name;
    }

    public String namespace() {
        return owner.namespace;
    }

    public SpiffeId identity() {
        return new SpiffeId(owner.trustDomain, owner.namespace, owner.serviceAccount);
    }

    /** Whether it stands for a pod: these win where several workloads claim one address. */
    public boolean isPod() {
        return uid.contains("//Pod/");
    }
}
