package dev.gossamer.xds.server;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.xds.delta.NodeInfo;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a proxy is who it says, as far as its token tells. Stateless. */
final class NodeIdentity {
    private static final Set<String> TYPES = Set.of("ztunnel", "waypoint", "sidecar", "router", "agentgateway");
    private static final int PARTS = 4;
    private static final int MAX_ID = 1024;

    private NodeIdentity() {}

    /** What is wrong with {@code type~ip~pod.namespace~domain}; absent: nothing. */
    static @Nullable String malformed(NodeInfo node) {
        var parts = node.id().length() > MAX_ID ? new String[0] : node.id().split("~", -1);
        if (parts.length != PARTS || !TYPES.contains(parts[0])) {
            return "the node id must be type~ip~pod.namespace~domain, with a type of " + TYPES;
        }
        try {
            var unused = InetAddress.ofLiteral(parts[1]);
            return null;
        } catch (IllegalArgumentException e) {
            return "the node id's second part must be an IP address";
        }
    }

    /** Why {@code caller} may not speak for the node; absent: it may. The trust domain is not compared. */
    static @Nullable String mismatch(NodeInfo node, SpiffeId caller) {
        var namespace = node.text("NAMESPACE");
        if (!caller.namespace().equals(namespace)) {
            return "the token is of namespace " + caller.namespace() + ", the node says it is of " + namespace;
        }
        var account = node.text("SERVICE_ACCOUNT");
        if (account != null && !account.isEmpty() && !account.equals(caller.serviceAccount())) {
            return "the token is of service account " + caller.serviceAccount() + ", the node says it is " + account;
        }
        return null;
    }
}
