package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.AuthorizationPolicyObject;
import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.GatewayClassObject;
import dev.gossamer.control.observed.GatewayObject;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.MeshConfigObject;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.NodeObject;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.Observed;
import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.control.observed.WorkloadEntryObject;
import dev.gossamer.control.translate.MeshKeys;
import dev.gossamer.control.translate.WaypointChoice;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says what a change can have touched: rather too much than too little, since what comes out equal is not sent.
 *
 * <p>Asked with the object as it was, and again with the object as it is. Confined to the builder's thread.
 */
final class Consequences {
    private final ClusterState state;
    private final Touched touched;
    private final WaypointChoice waypoints;
    private final String rootNamespace;

    Consequences(ClusterState state, Touched touched, WaypointChoice waypoints, String rootNamespace) {
        this.state = state;
        this.touched = touched;
        this.waypoints = waypoints;
        this.rootNamespace = rootNamespace;
    }

    void of(Observed object) {
        touched.add(object);
        switch (object) {
            case NamespaceObject namespace -> everythingIn(namespace.name().name());
            case NodeObject node -> state.podsByNode.get(node.name().name()).forEach(pod -> touched.add(Kind.POD, pod));
            case PodObject _, WorkloadEntryObject _ -> {}
            case ServiceObject service -> ofService(service);
            case EndpointSliceObject slice -> podsOf(slice);
            case ServiceEntryObject entry -> ofEntry(entry);
            case AuthorizationPolicyObject policy -> ofPolicy(policy);
            case PeerAuthenticationObject policy -> ofPeerAuthentication(policy);
            case GatewayObject gateway -> ofGateway(gateway.name());
            case GatewayClassObject _, MeshConfigObject _ -> everything();
        }
    }

    void everything() {
        touched.origins().add(MeshDerivation.STATIC_STRICT);
        state.services.forEach(touched::add);
        state.slices.forEach(touched::add);
        state.policies.forEach(touched::add);
        state.peerAuthentications.forEach(touched::add);
        workloads(null, _ -> true);
    }

    private void everythingIn(String namespace) {
        state.services.in(namespace).forEach(touched::add);
        workloads(namespace, _ -> true);
    }

    private void ofService(ServiceObject service) {
        if (!service.selector().isEmpty()) {
            selected(service.name().namespace(), service.selector());
        }
        for (var name : state.slicesByService.get(service.name())) {
            touched.add(Kind.ENDPOINT_SLICE, name);
            var slice = state.slices.get(name);
            if (slice != null) {
                podsOf(slice);
            }
        }
    }

    private void podsOf(EndpointSliceObject slice) {
        for (var endpoint : slice.endpoints()) {
            var pod = endpoint.pod();
            if (pod != null) {
                touched.add(Kind.POD, pod.name());
            }
        }
    }

    void ofEntry(ServiceEntryObject entry) {
        if (entry.selector() != null) {
            selected(entry.name().namespace(), entry.selector());
        }
    }

    private void ofPolicy(AuthorizationPolicyObject policy) {
        var selector = policy.selector();
        if (selector != null) {
            var namespace = policy.name().namespace();
            selected(namespace.equals(rootNamespace) ? null : namespace, selector);
        }
    }

    private void ofPeerAuthentication(PeerAuthenticationObject policy) {
        // The policy that all strict workloads share exists while there is any PeerAuthentication.
        touched.origins().add(MeshDerivation.STATIC_STRICT);
        var namespace = policy.name().namespace();
        if (namespace.equals(rootNamespace)) {
            state.peerAuthentications.forEach(touched::add);
            workloads(null, _ -> true);
        } else {
            state.peerAuthentications.in(namespace).forEach(touched::add);
            workloads(namespace, _ -> true);
        }
    }

    private void ofGateway(ObjectName gateway) {
        Predicate<Observed> wishes =
                object -> waypoints.wishesOf(object.metadata()).contains(gateway);
        state.services.forEach(service -> addIf(service, wishes));
        // An entry's endpoints have labels, and so wishes, of their own.
        state.serviceEntries.forEach(touched::add);
        state.pods.forEach(pod -> addIf(
                pod,
                object -> wishes.test(object)
                        || gateway.name().equals(object.metadata().label(MeshKeys.GATEWAY_NAME))));
        // Its labels are those of the object and of its spec together.
        state.workloadEntries.forEach(touched::add);
    }

    /** {@code namespace}: all of them if null. */
    private void selected(@Nullable String namespace, Map<String, String> selector) {
        workloads(namespace, labels -> MeshKeys.selects(selector, labels));
    }

    private void workloads(@Nullable String namespace, Predicate<Map<String, String>> labels) {
        if (namespace == null) {
            state.pods.forEach(pod -> addIf(pod, _ -> labels.test(pod.metadata().labels())));
            state.workloadEntries.forEach(entry -> addIf(entry, _ -> labels.test(entry.labels())));
            state.serviceEntries.forEach(
                    entry -> addIf(entry, _ -> labels.test(entry.metadata().labels())));
            return;
        }
        state.pods
                .in(namespace)
                .forEach(pod -> addIf(pod, _ -> labels.test(pod.metadata().labels())));
        state.workloadEntries.in(namespace).forEach(entry -> addIf(entry, _ -> labels.test(entry.labels())));
        state.serviceEntries
                .in(namespace)
                .forEach(entry -> addIf(entry, _ -> labels.test(entry.metadata().labels())));
    }

    private void addIf(Observed object, Predicate<Observed> test) {
        if (test.test(object)) {
            touched.add(object);
        }
    }
}
