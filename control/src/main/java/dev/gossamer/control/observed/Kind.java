package dev.gossamer.control.observed;

/** Which objects the mesh is derived from. */
public enum Kind {
    NAMESPACE,
    NODE,
    POD,
    SERVICE,
    ENDPOINT_SLICE,
    SERVICE_ENTRY,
    WORKLOAD_ENTRY,
    AUTHORIZATION_POLICY,
    PEER_AUTHENTICATION,
    GATEWAY,
    GATEWAY_CLASS,
    /** The ConfigMap that holds the mesh's own settings. */
    MESH_CONFIG
}
