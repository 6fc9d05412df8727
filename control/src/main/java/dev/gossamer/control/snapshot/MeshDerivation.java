package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.control.translate.Localities;
import dev.gossamer.control.translate.MeshOptions;
import dev.gossamer.control.translate.PeerAuthenticationTranslation;
import dev.gossamer.control.translate.PeerModes;
import dev.gossamer.control.translate.PolicyOutcome;
import dev.gossamer.control.translate.PolicyTranslation;
import dev.gossamer.control.translate.ServiceTranslation;
import dev.gossamer.control.translate.Surroundings;
import dev.gossamer.control.translate.WaypointChoice;
import dev.gossamer.control.translate.WorkloadTranslation;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.xds.codec.MeshResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Derives what one object contributes to the mesh, given all the others. Confined to the builder's thread. */
final class MeshDerivation {
    /** Not an object, but the policy that exists while there is any PeerAuthentication. */
    static final Origin STATIC_STRICT = new Origin(Kind.PEER_AUTHENTICATION, new ObjectName("", ""));

    /** What comes of one object. Immutable. */
    record Derived(List<MeshResource> addresses, List<AuthorizationPolicy> policies) {
        static final Derived NOTHING = new Derived(List.of(), List.of());

        Derived {
            addresses = List.copyOf(addresses);
            policies = List.copyOf(policies);
        }

        static Derived of(@Nullable AuthorizationPolicy policy) {
            return policy == null ? NOTHING : new Derived(List.of(), List.of(policy));
        }

        static Derived of(@Nullable MeshResource address) {
            return address == null ? NOTHING : new Derived(List.of(address), List.of());
        }
    }

    private final MeshOptions mesh;
    private final ClusterState state;
    private final HostClaims hosts;
    private final WaypointChoice waypoints;
    private final ServiceTranslation services;
    private final WorkloadTranslation workloads;
    private final PolicyTranslation policies;
    private final PeerAuthenticationTranslation peerAuthentications;

    MeshDerivation(MeshOptions mesh, ClusterState state, HostClaims hosts) {
        this.mesh = mesh;
        this.state = state;
        this.hosts = hosts;
        this.waypoints = new WaypointChoice(state, mesh.network());
        this.services = new ServiceTranslation(mesh);
        this.workloads = new WorkloadTranslation(mesh);
        this.policies = new PolicyTranslation(mesh);
        this.peerAuthentications = new PeerAuthenticationTranslation(mesh);
    }

    MeshOptions mesh() {
        return mesh;
    }

    WaypointChoice waypoints() {
        return waypoints;
    }

    String hostname(ServiceObject service) {
        return services.hostname(service);
    }

    Derived derive(Origin origin) {
        return switch (origin.kind()) {
            case POD -> Derived.of(pod(origin.name()));
            case SERVICE -> Derived.of(service(origin.name()));
            case SERVICE_ENTRY -> serviceEntry(origin);
            case WORKLOAD_ENTRY -> Derived.of(workloadEntry(origin.name()));
            case ENDPOINT_SLICE -> slice(origin.name());
            case AUTHORIZATION_POLICY -> Derived.of(policy(origin.name()));
            case PEER_AUTHENTICATION -> Derived.of(peerAuthentication(origin));
            case NAMESPACE, NODE, GATEWAY, GATEWAY_CLASS, MESH_CONFIG -> Derived.NOTHING;
        };
    }

    private @Nullable MeshResource pod(ObjectName name) {
        var pod = state.pods.get(name);
        var workload = pod == null ? null : workloads.translate(pod, around(pod));
        return workload == null ? null : new MeshResource.OfWorkload(workload);
    }

    private Surroundings around(PodObject pod) {
        var labels = pod.metadata().labels();
        var node = state.nodes.get(ObjectName.clusterWide(pod.spec().node()));
        return new Surroundings(
                Localities.of(node),
                selectingServices(pod.name().namespace(), labels),
                memberships(pod),
                mesh.features().entriesSelectPods()
                        ? selectingEntries(pod.name().namespace(), labels)
                        : List.of(),
                policyKeys(pod.name().namespace(), labels),
                waypoints);
    }

    private @Nullable MeshResource workloadEntry(ObjectName name) {
        var entry = state.workloadEntries.get(name);
        if (entry == null) {
            return null;
        }
        var labels = entry.labels();
        var around = new Surroundings(
                Locality.UNKNOWN,
                mesh.features().servicesSelectEntries() ? selectingServices(name.namespace(), labels) : List.of(),
                List.of(),
                selectingEntries(name.namespace(), labels),
                policyKeys(name.namespace(), labels),
                waypoints);
        return new MeshResource.OfWorkload(workloads.translate(entry, around));
    }

    private List<ServiceObject> selectingServices(String namespace, Map<String, String> labels) {
        return state.serviceSelectors.selecting(namespace, labels).stream()
                .map(state.services::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Services without a selector that a slice puts the pod behind. */
    private List<Surroundings.SliceMembership> memberships(PodObject pod) {
        var memberships = new ArrayList<Surroundings.SliceMembership>();
        for (var name : state.slicesByPod.get(pod.name()).stream().sorted().toList()) {
            var slice = state.slices.get(name);
            var serviceName = slice == null ? null : slice.serviceName();
            var service = serviceName == null ? null : state.services.get(serviceName);
            if (slice != null
                    && service != null
                    && service.selector().isEmpty()
                    && !service.externalName()
                    && names(slice, pod)) {
                memberships.add(new Surroundings.SliceMembership(service, slice));
            }
        }
        return memberships;
    }

    private static boolean names(EndpointSliceObject slice, PodObject pod) {
        return slice.endpoints().stream()
                .map(EndpointSliceObject.Endpoint::pod)
                .anyMatch(reference -> reference != null
                        && reference.name().equals(pod.name())
                        && (reference.uid().isEmpty()
                                || reference.uid().equals(pod.metadata().uid())));
    }

    private List<Surroundings.SelectedBy> selectingEntries(String namespace, Map<String, String> labels) {
        var selecting = new ArrayList<Surroundings.SelectedBy>();
        for (var name : state.entrySelectors.selecting(namespace, labels)) {
            var entry = state.serviceEntries.get(name);
            if (entry != null) {
                selecting.add(new Surroundings.SelectedBy(entry, heldHosts(entry)));
            }
        }
        return selecting;
    }

    private List<String> heldHosts(ServiceEntryObject entry) {
        var origin = new Origin(Kind.SERVICE_ENTRY, entry.name());
        return entry.hosts().stream()
                .distinct()
                .filter(host -> hosts.holds(host, origin))
                .toList();
    }

    /** Policies that select the labels, by key, and then what PeerAuthentications come to. */
    private List<String> policyKeys(String namespace, Map<String, String> labels) {
        var selecting = new ArrayList<>(state.policySelectors.selecting(namespace, labels));
        if (!namespace.equals(mesh.rootNamespace())) {
            selecting.addAll(state.policySelectors.selecting(mesh.rootNamespace(), labels));
        }
        var keys = new ArrayList<String>();
        for (var name : selecting) {
            var policy = state.policies.get(name);
            if (policy != null && policies.sends(policy)) {
                keys.add(name.toString());
            }
        }
        keys.sort(null);
        if (!state.peerAuthentications.isEmpty()) {
            boolean root = namespace.equals(mesh.rootNamespace());
            var selected = root ? null : PeerModes.selecting(labels, state.peerAuthentications.in(namespace));
            keys.addAll(peerAuthentications.keysFor(selected, peerModes(namespace)));
        }
        return keys;
    }

    private PeerModes peerModes(String namespace) {
        return PeerModes.of(
                namespace,
                state.peerAuthentications.in(namespace),
                mesh.rootNamespace(),
                state.peerAuthentications.in(mesh.rootNamespace()));
    }

    private @Nullable MeshResource service(ObjectName name) {
        var service = state.services.get(name);
        var translated =
                service == null ? null : services.translate(service, state.namespace(name.namespace()), waypoints);
        return translated == null ? null : new MeshResource.OfService(translated);
    }

    private Derived serviceEntry(Origin origin) {
        var entry = state.serviceEntries.get(origin.name());
        if (entry == null) {
            return Derived.NOTHING;
        }
        var held = heldHosts(entry);
        var namespace = origin.name().namespace();
        var addresses = new ArrayList<MeshResource>();
        for (var host : held) {
            addresses.add(new MeshResource.OfService(services.translate(
                    entry, host, hosts.isCanonical(host, origin), state.namespace(namespace), waypoints)));
        }
        var keys = policyKeys(namespace, entry.metadata().labels());
        workloads.translate(entry, held, keys, waypoints).stream()
                .map(MeshResource.OfWorkload::new)
                .forEach(addresses::add);
        return new Derived(addresses, List.of());
    }

    private Derived slice(ObjectName name) {
        var slice = state.slices.get(name);
        var serviceName = slice == null ? null : slice.serviceName();
        var service = serviceName == null ? null : state.services.get(serviceName);
        if (slice == null || service == null || service.externalName()) {
            return Derived.NOTHING;
        }
        List<MeshResource> addresses = new ArrayList<>();
        workloads.translate(slice, service).forEach(workload -> addresses.add(new MeshResource.OfWorkload(workload)));
        return new Derived(addresses, List.of());
    }

    private @Nullable AuthorizationPolicy policy(ObjectName name) {
        var policy = state.policies.get(name);
        if (policy == null) {
            return null;
        }
        return switch (policies.translate(policy)) {
            case PolicyOutcome.Sent(var translated, var _) -> translated;
            case PolicyOutcome.Unsupported _, PolicyOutcome.ForWaypoint _ -> null;
        };
    }

    private @Nullable AuthorizationPolicy peerAuthentication(Origin origin) {
        if (origin.equals(STATIC_STRICT)) {
            return state.peerAuthentications.isEmpty() ? null : peerAuthentications.staticStrict();
        }
        PeerAuthenticationObject policy = state.peerAuthentications.get(origin.name());
        return policy == null
                ? null
                : peerAuthentications.translate(policy, peerModes(origin.name().namespace()));
    }
}
