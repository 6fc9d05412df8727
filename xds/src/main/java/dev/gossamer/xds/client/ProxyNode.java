package dev.gossamer.xds.client;

import java.util.Map;

/**
 * Who a node proxy says it is. Immutable.
 *
 * @param instanceIp of the proxy's own pod
 * @param nodeName empty where unknown
 * @param metadata further entries, by key: text, or what JSON can hold (maps, lists, numbers, booleans, null)
 */
public record ProxyNode(
        String instanceIp, String podName, String podNamespace, String nodeName, Map<String, Object> metadata) {
    public ProxyNode {
        metadata = Map.copyOf(metadata);
    }

    /** As it goes over the wire; the suffix is fixed text, whatever the cluster's domain. */
    public String id() {
        return "ztunnel~" + instanceIp + "~" + podName + "." + podNamespace + "~" + podNamespace + ".svc.cluster.local";
    }
}
