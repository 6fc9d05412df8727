package dev.gossamer.xds.client;

import dev.gossamer.xds.delta.NodeInfo;
import java.util.HashMap;
import java.util.Map;

/**
 * Who a node proxy says it is. Immutable.
 *
 * @param instanceIp of the proxy's own pod
 * @param nodeName empty where unknown
 * @param metadata further entries, by key: text, or what JSON can hold (maps, lists, numbers, booleans)
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

    NodeInfo info() {
        var entries = new HashMap<String, Object>();
        entries.put("NAME", podName);
        entries.put("NAMESPACE", podNamespace);
        entries.put("INSTANCE_IPS", instanceIp);
        entries.put("NODE_NAME", nodeName);
        entries.putAll(metadata);
        return new NodeInfo(id(), entries);
    }
}
