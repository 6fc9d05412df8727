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
import dev.gossamer.control.translate.GatewayLookup;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that was observed, and the ways to find it. Confined to the builder's thread. */
final class ClusterState implements GatewayLookup {
    final ObjectTable<NamespaceObject> namespaces = new ObjectTable<>();
    final ObjectTable<NodeObject> nodes = new ObjectTable<>();
    final ObjectTable<PodObject> pods = new ObjectTable<>();
    final ObjectTable<ServiceObject> services = new ObjectTable<>();
    final ObjectTable<EndpointSliceObject> slices = new ObjectTable<>();
    final ObjectTable<ServiceEntryObject> serviceEntries = new ObjectTable<>();
    final ObjectTable<WorkloadEntryObject> workloadEntries = new ObjectTable<>();
    final ObjectTable<AuthorizationPolicyObject> policies = new ObjectTable<>();
    final ObjectTable<PeerAuthenticationObject> peerAuthentications = new ObjectTable<>();
    final ObjectTable<GatewayObject> gateways = new ObjectTable<>();
    final ObjectTable<GatewayClassObject> gatewayClasses = new ObjectTable<>();
    final ObjectTable<MeshConfigObject> meshConfigs = new ObjectTable<>();

    final SelectorIndex serviceSelectors = new SelectorIndex();
    final SelectorIndex entrySelectors = new SelectorIndex();
    final SelectorIndex policySelectors = new SelectorIndex();
    final MultiIndex<String, ObjectName> podsByNode = new MultiIndex<>();
    final MultiIndex<ObjectName, ObjectName> slicesByService = new MultiIndex<>();
    final MultiIndex<ObjectName, ObjectName> slicesByPod = new MultiIndex<>();

    /** Takes in an object, in the place of one of its kind and name. */
    void put(Observed object) {
        remove(object.kind(), object.name());
        index(object, true);
        store(object);
    }

    void remove(Kind kind, ObjectName name) {
        Observed old = table(kind).remove(name);
        if (old != null) {
            index(old, false);
        }
    }

    @Nullable
    Observed get(Kind kind, ObjectName name) {
        return table(kind).get(name);
    }

    private void store(Observed object) {
        switch (object) {
            case NamespaceObject namespace -> namespaces.put(object.name(), namespace);
            case NodeObject node -> nodes.put(object.name(), node);
            case PodObject pod -> pods.put(object.name(), pod);
            case ServiceObject service -> services.put(object.name(), service);
            case EndpointSliceObject slice -> slices.put(object.name(), slice);
            case ServiceEntryObject entry -> serviceEntries.put(object.name(), entry);
            case WorkloadEntryObject entry -> workloadEntries.put(object.name(), entry);
            case AuthorizationPolicyObject policy -> policies.put(object.name(), policy);
            case PeerAuthenticationObject policy -> peerAuthentications.put(object.name(), policy);
            case GatewayObject gateway -> gateways.put(object.name(), gateway);
            case GatewayClassObject gatewayClass -> gatewayClasses.put(object.name(), gatewayClass);
            case MeshConfigObject config -> meshConfigs.put(object.name(), config);
        }
    }

    private ObjectTable<? extends Observed> table(Kind kind) {
        return switch (kind) {
            case NAMESPACE -> namespaces;
            case NODE -> nodes;
            case POD -> pods;
            case SERVICE -> services;
            case ENDPOINT_SLICE -> slices;
            case SERVICE_ENTRY -> serviceEntries;
            case WORKLOAD_ENTRY -> workloadEntries;
            case AUTHORIZATION_POLICY -> policies;
            case PEER_AUTHENTICATION -> peerAuthentications;
            case GATEWAY -> gateways;
            case GATEWAY_CLASS -> gatewayClasses;
            case MESH_CONFIG -> meshConfigs;
        };
    }

    private void index(Observed object, boolean present) {
        switch (object) {
            case PodObject pod -> index(podsByNode, pod.spec().node(), pod.name(), present);
            case ServiceObject service -> {
                if (!service.selector().isEmpty() && !service.externalName()) {
                    index(serviceSelectors, service.name(), service.selector(), present);
                }
            }
            case ServiceEntryObject entry -> {
                if (entry.selector() != null) {
                    index(entrySelectors, entry.name(), entry.selector(), present);
                }
            }
            case AuthorizationPolicyObject policy -> {
                if (policy.selector() != null) {
                    index(policySelectors, policy.name(), policy.selector(), present);
                }
            }
            case EndpointSliceObject slice -> {
                var service = slice.serviceName();
                if (service != null) {
                    index(slicesByService, service, slice.name(), present);
                }
                for (var endpoint : slice.endpoints()) {
                    var pod = endpoint.pod();
                    if (pod != null) {
                        index(slicesByPod, pod.name(), slice.name(), present);
                    }
                }
            }
            case NamespaceObject _,
                    NodeObject _,
                    WorkloadEntryObject _,
                    PeerAuthenticationObject _,
                    GatewayObject _,
                    GatewayClassObject _,
                    MeshConfigObject _ -> {}
        }
    }

    private static <K, V> void index(MultiIndex<K, V> index, K key, V value, boolean present) {
        if (present) {
            index.add(key, value);
        } else {
            index.remove(key, value);
        }
    }

    private static void index(SelectorIndex index, ObjectName name, Map<String, String> selector, boolean present) {
        if (present) {
            index.add(name, selector);
        } else {
            index.remove(name, selector);
        }
    }

    @Override
    public @Nullable GatewayObject gateway(ObjectName name) {
        return gateways.get(name);
    }

    @Override
    public @Nullable GatewayClassObject gatewayClass(String name) {
        return gatewayClasses.get(ObjectName.clusterWide(name));
    }

    @Override
    public @Nullable NamespaceObject namespace(String name) {
        return namespaces.get(ObjectName.clusterWide(name));
    }
}
