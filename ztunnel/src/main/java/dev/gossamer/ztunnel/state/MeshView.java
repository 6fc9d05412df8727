package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Service.Visibility;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.Workload;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mesh at one moment, indexed for the questions that connections ask. Immutable.
 *
 * <p>Where several things claim one address or name, the order of the lists decides; it does not depend on the order in
 * which they became known, so that all proxies of a mesh choose alike.
 */
public final class MeshView {
    /** Before anything is known. */
    public static final MeshView EMPTY = new MeshView(
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            FrozenMap.empty(),
            List.of(),
            PolicyIndex.EMPTY);

    /** A service's claim on more than one address. Immutable. */
    record RangeClaim(String network, AddressRange range, Service service) {}

    final FrozenMap<String, Workload> workloads;
    final FrozenMap<NetworkAddress, List<Workload>> workloadsByAddress;
    final FrozenMap<ServiceName, List<Workload>> workloadsByHostname;
    final FrozenMap<LocalWorkloadKey, List<Workload>> localWorkloads;
    final FrozenMap<ServiceName, Service> services;
    final FrozenMap<NetworkAddress, List<Service>> servicesByAddress;
    final FrozenMap<String, List<Service>> servicesByHostname;
    final FrozenMap<ServiceName, List<Workload>> endpoints;
    /** By namespace and name of the service: there are few, and a scan is fast. */
    final List<RangeClaim> ranges;

    final PolicyIndex policies;

    MeshView(
            FrozenMap<String, Workload> workloads,
            FrozenMap<NetworkAddress, List<Workload>> workloadsByAddress,
            FrozenMap<ServiceName, List<Workload>> workloadsByHostname,
            FrozenMap<LocalWorkloadKey, List<Workload>> localWorkloads,
            FrozenMap<ServiceName, Service> services,
            FrozenMap<NetworkAddress, List<Service>> servicesByAddress,
            FrozenMap<String, List<Service>> servicesByHostname,
            FrozenMap<ServiceName, List<Workload>> endpoints,
            List<RangeClaim> ranges,
            PolicyIndex policies) {
        this.workloads = workloads;
        this.workloadsByAddress = workloadsByAddress;
        this.workloadsByHostname = workloadsByHostname;
        this.localWorkloads = localWorkloads;
        this.services = services;
        this.servicesByAddress = servicesByAddress;
        this.servicesByHostname = servicesByHostname;
        this.endpoints = endpoints;
        this.ranges = List.copyOf(ranges);
        this.policies = policies;
    }

    public @Nullable Workload workload(String uid) {
        return workloads.get(uid);
    }

    /** Whoever has the address: a pod before others, one that is reached by HBONE before one that is not. */
    public @Nullable Workload workloadAt(NetworkAddress address) {
        var found = workloadsByAddress.get(address);
        return found == null ? null : found.getFirst();
    }

    public @Nullable Workload workloadByHostname(ServiceName name) {
        var found = workloadsByHostname.get(name);
        return found == null ? null : found.getFirst();
    }

    public @Nullable Workload localWorkload(LocalWorkloadKey key) {
        var found = localWorkloads.get(key);
        return found == null ? null : found.getFirst();
    }

    public @Nullable Service service(ServiceName name) {
        return services.get(name);
    }

    /** The service that a client of {@code namespace} means by an address: exact claims win over ranges. */
    public @Nullable Service serviceAt(NetworkAddress address, String namespace) {
        var exact = best(servicesByAddress.get(address), namespace);
        return exact != null || ranges.isEmpty() ? exact : bestRange(address, namespace);
    }

    /** The service that a workload of {@code namespace} means by a hostname. */
    public @Nullable Service serviceByHostname(String hostname, String namespace) {
        return best(servicesByHostname.get(hostname), namespace);
    }

    /** All workloads that say they are endpoints of the service, healthy or not. */
    public List<Workload> endpoints(ServiceName name) {
        var found = endpoints.get(name);
        return found == null ? List.of() : found;
    }

    /**
     * The policies that guard a workload: the mesh's, its namespace's, and those that it lists.
     *
     * @param missing is told of listed names for which there is no policy
     */
    public List<AuthorizationPolicy> policiesOf(Workload workload, Consumer<String> missing) {
        return policies.of(workload, missing);
    }

    /** Whether both see the same policies. */
    public boolean hasPoliciesOf(MeshView other) {
        return policies == other.policies;
    }

    /** Whether both see the same workloads of this node. */
    public boolean hasLocalWorkloadsOf(MeshView other) {
        return localWorkloads == other.localWorkloads;
    }

    public int workloadCount() {
        return workloads.size();
    }

    public void forEachWorkload(Consumer<Workload> action) {
        workloads.forEach((_, workload) -> action.accept(workload));
    }

    public void forEachService(Consumer<Service> action) {
        services.forEach((_, service) -> action.accept(service));
    }

    public void forEachPolicy(Consumer<AuthorizationPolicy> action) {
        policies.byName().forEach((_, policy) -> action.accept(policy));
    }

    private static @Nullable Service best(@Nullable List<Service> claims, String namespace) {
        if (claims == null) {
            return null;
        }
        Service best = null;
        for (var service : claims) {
            if (isVisible(service, namespace)
                    && (best == null || rank(service, namespace, 0) > rank(best, namespace, 0))) {
                best = service;
            }
        }
        return best;
    }

    private @Nullable Service bestRange(NetworkAddress address, String namespace) {
        RangeClaim best = null;
        for (var claim : ranges) {
            if (isVisible(claim.service, namespace)
                    && claim.network.equals(address.network())
                    && claim.range.contains(address.address())
                    && (best == null || rank(claim, namespace) > rank(best, namespace))) {
                best = claim;
            }
        }
        return best == null ? null : best.service;
    }

    /** Own namespace, then the longer prefix, then the canonical service. */
    private static int rank(Service service, String namespace, int prefixLength) {
        int own = service.name().namespace().equals(namespace) ? 1 : 0;
        return own << 16 | prefixLength << 1 | (service.canonical() ? 1 : 0);
    }

    private static int rank(RangeClaim claim, String namespace) {
        return rank(claim.service, namespace, claim.range.prefixLength());
    }

    private static boolean isVisible(Service service, String namespace) {
        return service.visibility() == Visibility.PUBLIC
                || service.name().namespace().equals(namespace);
    }
}
