package dev.gossamer.control.translate;

import java.util.Map;

/** Labels and annotations that the mesh is steered by, and how selectors read them. */
public final class MeshKeys {
    public static final String REVISION = "istio.io/rev";
    public static final String NETWORK = "topology.istio.io/network";
    public static final String REDIRECTION = "ambient.istio.io/redirection";
    public static final String TUNNEL = "networking.istio.io/tunnel";
    public static final String TRAFFIC_DISTRIBUTION = "networking.istio.io/traffic-distribution";
    public static final String DRY_RUN = "istio.io/dry-run";

    public static final String USE_WAYPOINT = "istio.io/use-waypoint";
    public static final String USE_WAYPOINT_NAMESPACE = "istio.io/use-waypoint-namespace";
    public static final String CANARY_WAYPOINT = "istio.io/use-waypoint-canary";
    public static final String CANARY_WAYPOINT_NAMESPACE = "istio.io/use-waypoint-canary-namespace";
    public static final String CANARY_WAYPOINT_WEIGHT = "istio.io/use-waypoint-canary-weight";
    public static final String WAYPOINT_FOR = "istio.io/waypoint-for";
    public static final String WAYPOINT_INBOUND_BINDING = "ambient.istio.io/waypoint-inbound-binding";
    public static final String MANAGED = "gateway.istio.io/managed";
    public static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";

    public static final String REGION = "topology.kubernetes.io/region";
    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String SUBZONE = "topology.istio.io/subzone";

    private MeshKeys() {}

    /** Whether {@code labels} have all that {@code selector} asks for; an empty selector asks for nothing. */
    public static boolean selects(Map<String, String> selector, Map<String, String> labels) {
        for (var wanted : selector.entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
