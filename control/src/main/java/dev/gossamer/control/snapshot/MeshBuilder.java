package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.Observed;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.control.snapshot.MeshDerivation.Derived;
import dev.gossamer.control.translate.MeshKeys;
import dev.gossamer.control.translate.MeshOptions;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.xds.codec.MeshResource;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns changes of the cluster into changes of the mesh.
 *
 * <p>What it holds after any sequence of changes is what it would hold had it seen only the outcome. Confined to the
 * builder's thread.
 */
public final class MeshBuilder {
    private final MeshOptions defaults;
    private final String systemNamespace;
    private final String revision;
    private final ClusterState state = new ClusterState();
    private final HostClaims hosts = new HostClaims();
    private final Map<Origin, Derived> derived = new HashMap<>();
    private final Map<String, MeshResource> addresses = new HashMap<>();
    private final Map<String, AuthorizationPolicy> policies = new HashMap<>();
    private MeshDerivation derivation;

    /**
     * Starts with an empty cluster.
     *
     * @param defaults where the cluster itself says nothing else
     * @param systemNamespace whose label names the cluster's network
     * @param revision objects that ask for another one are not ours
     */
    public MeshBuilder(MeshOptions defaults, String systemNamespace, String revision) {
        this.defaults = defaults;
        this.systemNamespace = systemNamespace;
        this.revision = revision;
        this.derivation = new MeshDerivation(defaults, state, hosts);
    }

    /** All resources as of now, by name; a view. */
    public Map<String, MeshResource> addresses() {
        return Collections.unmodifiableMap(addresses);
    }

    /** All policies as of now, by key; a view. */
    public Map<String, AuthorizationPolicy> policies() {
        return Collections.unmodifiableMap(policies);
    }

    /** What holds for the whole mesh as of now. */
    public MeshOptions mesh() {
        return derivation.mesh();
    }

    /** Takes in a batch of changes, and says what that changed in the mesh. */
    public MeshDelta apply(Collection<Change> changes) {
        var touched = new Touched();
        var consequences = consequences(touched);
        for (var change : changes) {
            apply(change, consequences);
        }
        var options = options();
        if (!options.equals(derivation.mesh())) {
            derivation = new MeshDerivation(options, state, hosts);
            consequences = consequences(touched);
            consequences.everything();
        }
        for (var affected : hosts.settle()) {
            touched.origins().add(affected);
            var entry = affected.kind() == Kind.SERVICE_ENTRY ? state.serviceEntries.get(affected.name()) : null;
            if (entry != null) {
                consequences.ofEntry(entry);
            }
        }
        return derive(touched.origins());
    }

    private Consequences consequences(Touched touched) {
        return new Consequences(
                state, touched, derivation.waypoints(), derivation.mesh().rootNamespace());
    }

    private void apply(Change change, Consequences consequences) {
        switch (change) {
            case Change.Upsert(var object)
            when isOurs(object) -> {
                var old = state.get(object.kind(), object.name());
                if (object.equals(old)) {
                    return;
                }
                // Asked before and after: selectors and labels may have been other ones.
                if (old != null) {
                    consequences.of(old);
                    claim(old, false);
                }
                state.put(object);
                claim(object, true);
                consequences.of(object);
            }
            case Change.Upsert(var object) -> delete(object.kind(), object.name(), consequences);
            case Change.Delete(var kind, var name) -> delete(kind, name, consequences);
        }
    }

    private void delete(Kind kind, ObjectName name, Consequences consequences) {
        var old = state.get(kind, name);
        if (old != null) {
            consequences.of(old);
            claim(old, false);
            state.remove(kind, name);
        }
    }

    /** Configuration may be meant for another revision of the control plane; workloads and services are everyone's. */
    private boolean isOurs(Observed object) {
        return switch (object.kind()) {
            case SERVICE_ENTRY, WORKLOAD_ENTRY, AUTHORIZATION_POLICY, PEER_AUTHENTICATION -> {
                var wanted = object.metadata().label(MeshKeys.REVISION);
                yield wanted == null || wanted.equals(revision);
            }
            case NAMESPACE, NODE, POD, SERVICE, ENDPOINT_SLICE, GATEWAY, GATEWAY_CLASS, MESH_CONFIG -> true;
        };
    }

    private void claim(Observed object, boolean present) {
        var claimed =
                switch (object) {
                    case ServiceObject service when !service.externalName() -> List.of(derivation.hostname(service));
                    case ServiceEntryObject entry -> entry.hosts();
                    default -> List.<String>of();
                };
        var origin = new Origin(object.kind(), object.name());
        for (var host : claimed) {
            if (present) {
                hosts.claim(host, origin, object.metadata());
            } else {
                hosts.withdraw(host, origin);
            }
        }
    }

    private MeshOptions options() {
        var trustDomain = defaults.trustDomain();
        var rootNamespace = defaults.rootNamespace();
        for (var config : state.meshConfigs.in(systemNamespace)) {
            trustDomain = config.trustDomain().isEmpty() ? trustDomain : config.trustDomain();
            rootNamespace = config.rootNamespace().isEmpty() ? rootNamespace : config.rootNamespace();
        }
        var system = state.namespace(systemNamespace);
        var network = system == null ? null : system.metadata().label(MeshKeys.NETWORK);
        return new MeshOptions(
                defaults.cluster(),
                defaults.domain(),
                trustDomain,
                rootNamespace,
                network == null ? defaults.network() : network,
                defaults.features());
    }

    private MeshDelta derive(Set<Origin> touched) {
        var staleAddresses = new HashSet<String>();
        var stalePolicies = new HashSet<String>();
        var newAddresses = new LinkedHashMap<String, MeshResource>();
        var newPolicies = new LinkedHashMap<String, AuthorizationPolicy>();
        for (var origin : touched) {
            var next = derivation.derive(origin);
            var previous = next.equals(Derived.NOTHING) ? derived.remove(origin) : derived.put(origin, next);
            if (previous != null) {
                previous.addresses().forEach(address -> staleAddresses.add(address.name()));
                previous.policies().forEach(policy -> stalePolicies.add(policy.key()));
            }
            next.addresses().forEach(address -> newAddresses.put(address.name(), address));
            next.policies().forEach(policy -> newPolicies.put(policy.key(), policy));
        }
        // A name may have passed from one object to another, so what is new wins over what is stale.
        return new MeshDelta(
                replace(addresses, staleAddresses, newAddresses),
                removed(staleAddresses, newAddresses),
                replace(policies, stalePolicies, newPolicies),
                removed(stalePolicies, newPolicies));
    }

    private static <T> List<T> replace(Map<String, T> current, Set<String> stale, Map<String, T> next) {
        stale.stream().filter(name -> !next.containsKey(name)).forEach(current::remove);
        return next.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(current.put(entry.getKey(), entry.getValue())))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static <T> List<String> removed(Set<String> stale, Map<String, T> next) {
        return stale.stream().filter(name -> !next.containsKey(name)).sorted().toList();
    }
}
