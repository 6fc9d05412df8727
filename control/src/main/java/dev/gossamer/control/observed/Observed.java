package dev.gossamer.control.observed;

/** One object of the cluster. Immutable. */
public sealed interface Observed
        permits NamespaceObject,
                NodeObject,
                PodObject,
                ServiceObject,
                EndpointSliceObject,
                ServiceEntryObject,
                WorkloadEntryObject,
                AuthorizationPolicyObject,
                PeerAuthenticationObject,
                GatewayObject,
                GatewayClassObject,
                MeshConfigObject {
    Metadata metadata();

    Kind kind();

    default ObjectName name() {
        return metadata().name();
    }
}
