package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.NetworkMode;
import dev.gossamer.ztunnel.state.MeshView.RangeClaim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes into the next {@link MeshView}, touching only what they touch.
 *
 * <p>Confined to the thread that made it.
 */
final class MeshEditor {
    /** Pods first, then what speaks HBONE; names decide what is left, so that the order of arrival does not. */
    static final Comparator<Workload> BY_PRECEDENCE = Comparator.comparing((Workload w) -> !w.isPod())
            .thenComparing(w -> w.tunnel().protocol() != Workload.Protocol.HBONE)
            .thenComparing(Workload::uid);

    private static final Comparator<Service> BY_NAME = Comparator.comparing(Service::name);

    private final Predicate<Workload> isLocal;
    private final FrozenMap.Editor<String, Workload> workloads;
    private final FrozenMap.Editor<NetworkAddress, List<Workload>> workloadsByAddress;
    private final FrozenMap.Editor<ServiceName, List<Workload>> workloadsByHostname;
    private final FrozenMap.Editor<LocalWorkloadKey, List<Workload>> localWorkloads;
    private final FrozenMap.Editor<ServiceName, Service> services;
    private final FrozenMap.Editor<NetworkAddress, List<Service>> servicesByAddress;
    private final FrozenMap.Editor<String, List<Service>> servicesByHostname;
    private final FrozenMap.Editor<ServiceName, List<Workload>> endpoints;
    private List<RangeClaim> ranges;
    private final FrozenMap.Editor<String, AuthorizationPolicy> policies;
    private final PolicyIndex policyBase;

    /** By service, then uid; absent workload: gone. Applied together, as a service's list is copied for each change. */
    private final Map<ServiceName, Map<String, Optional<Workload>>> endpointChanges = new HashMap<>();

    MeshEditor(MeshView base, Predicate<Workload> isLocal) {
        this.isLocal = isLocal;
        this.workloads = base.workloads.edit();
        this.workloadsByAddress = base.workloadsByAddress.edit();
        this.workloadsByHostname = base.workloadsByHostname.edit();
        this.localWorkloads = base.localWorkloads.edit();
        this.services = base.services.edit();
        this.servicesByAddress = base.servicesByAddress.edit();
        this.servicesByHostname = base.servicesByHostname.edit();
        this.endpoints = base.endpoints.edit();
        this.ranges = base.ranges;
        this.policies = base.policies.byName().edit();
        this.policyBase = base.policies;
    }

    /** Puts a workload in the place of the one with its uid, if there was one. Returns that. */
    @Nullable
    Workload put(Workload workload) {
        var previous = removeWorkload(workload.uid());
        workloads.put(workload.uid(), workload);
        if (workload.location().networkMode() == NetworkMode.STANDARD) {
            for (var address : workload.location().addresses()) {
                var key = new NetworkAddress(workload.location().network(), address);
                workloadsByAddress.put(key, with(workloadsByAddress.get(key), workload, BY_PRECEDENCE));
            }
        }
        if (!workload.location().hostname().isEmpty()) {
            var key = new ServiceName(workload.namespace(), workload.location().hostname());
            workloadsByHostname.put(key, with(workloadsByHostname.get(key), workload, BY_PRECEDENCE));
        }
        if (isLocal.test(workload)) {
            var key = localKey(workload);
            localWorkloads.put(key, with(localWorkloads.get(key), workload, BY_PRECEDENCE));
        }
        for (var service : workload.services().keySet()) {
            changesOf(service).put(workload.uid(), Optional.of(workload));
        }
        return previous;
    }

    @Nullable
    Workload removeWorkload(String uid) {
        var gone = workloads.get(uid);
        if (gone == null) {
            return null;
        }
        workloads.remove(uid);
        for (var address : gone.location().addresses()) {
            takeOut(workloadsByAddress, new NetworkAddress(gone.location().network(), address), gone);
        }
        takeOut(
                workloadsByHostname,
                new ServiceName(gone.namespace(), gone.location().hostname()),
                gone);
        takeOut(localWorkloads, localKey(gone), gone);
        for (var service : gone.services().keySet()) {
            changesOf(service).put(uid, Optional.empty());
        }
        return gone;
    }

    void put(Service service) {
        removeService(service.name());
        services.put(service.name(), service);
        servicesByHostname.put(
                service.name().hostname(),
                with(servicesByHostname.get(service.name().hostname()), service, BY_NAME));
        for (var claim : service.addresses()) {
            if (claim.isSingle()) {
                servicesByAddress.put(claim.address(), with(servicesByAddress.get(claim.address()), service, BY_NAME));
            } else {
                var longer = new ArrayList<>(ranges);
                var range = new AddressRange(claim.address().address(), claim.prefixLength());
                longer.add(new RangeClaim(claim.address().network(), range, service));
                longer.sort(Comparator.comparing(c -> c.service().name()));
                ranges = longer;
            }
        }
    }

    boolean removeService(ServiceName name) {
        var gone = services.get(name);
        if (gone == null) {
            return false;
        }
        services.remove(name);
        takeOut(servicesByHostname, name.hostname(), gone);
        for (var claim : gone.addresses()) {
            if (claim.isSingle()) {
                takeOut(servicesByAddress, claim.address(), gone);
            } else {
                ranges = ranges.stream()
                        .filter(c -> !c.service().name().equals(name))
                        .toList();
            }
        }
        return true;
    }

    void put(String name, AuthorizationPolicy policy) {
        policies.put(name, policy);
    }

    void removePolicy(String name) {
        policies.remove(name);
    }

    MeshView build() {
        endpointChanges.forEach(this::applyToEndpoints);
        endpointChanges.clear();
        var policiesByName = policies.freeze();
        return new MeshView(
                workloads.freeze(),
                workloadsByAddress.freeze(),
                workloadsByHostname.freeze(),
                localWorkloads.freeze(),
                services.freeze(),
                servicesByAddress.freeze(),
                servicesByHostname.freeze(),
                endpoints.freeze(),
                ranges,
                policiesByName == policyBase.byName() ? policyBase : PolicyIndex.of(policiesByName));
    }

    private void applyToEndpoints(ServiceName service, Map<String, Optional<Workload>> changes) {
        var before = endpoints.get(service);
        var after = new ArrayList<Workload>((before == null ? 0 : before.size()) + changes.size());
        if (before != null) {
            for (var endpoint : before) {
                if (!changes.containsKey(endpoint.uid())) {
                    after.add(endpoint);
                }
            }
        }
        changes.values().forEach(change -> change.ifPresent(after::add));
        if (after.isEmpty()) {
            endpoints.remove(service);
        } else {
            endpoints.put(service, List.copyOf(after));
        }
    }

    private Map<String, Optional<Workload>> changesOf(ServiceName service) {
        return endpointChanges.computeIfAbsent(service, _ -> new LinkedHashMap<>());
    }

    private static LocalWorkloadKey localKey(Workload workload) {
        return new LocalWorkloadKey(
                workload.name(), workload.namespace(), workload.owner().serviceAccount());
    }

    private static <T> List<T> with(@Nullable List<T> list, T further, Comparator<T> order) {
        if (list == null) {
            return List.of(further);
        }
        if (list.contains(further)) {
            // It claims the same address twice.
            return list;
        }
        var longer = new ArrayList<>(list);
        longer.add(further);
        longer.sort(order);
        return List.copyOf(longer);
    }

    private static <K, T> void takeOut(FrozenMap.Editor<K, List<T>> map, K key, T gone) {
        var list = map.get(key);
        if (list == null || !list.contains(gone)) {
            return;
        }
        if (list.size() == 1) {
            map.remove(key);
        } else {
            map.put(key, list.stream().filter(t -> t != gone && !t.equals(gone)).toList());
        }
    }
}
