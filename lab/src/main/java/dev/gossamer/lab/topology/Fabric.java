package dev.gossamer.lab.topology;

import dev.gossamer.core.lifecycle.TaskGroup;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * The bridge in this process's own namespace, and the nodes on it.
 *
 * <p>Nothing here takes it down again: the lab's namespaces, and with them all of this, go when its first process ends.
 * Immutable.
 */
public record Fabric(List<NodeNetwork> nodes) {
    public Fabric {
        nodes = List.copyOf(nodes);
    }

    /** Call before anything listens: until then this namespace has no device, not even loopback. */
    public static void openBridge() throws IOException, InterruptedException {
        Command.run(
                List.of("ip", "-batch", "-"),
                String.join(
                        "\n",
                        "link set lo up",
                        // Without snooping IPv6 neighbour discovery works at once instead of after the first report.
                        "link add br0 type bridge mcast_snooping 0",
                        "link set br0 addrgenmode none",
                        "link set br0 up",
                        "addr add " + AddressPlan.BRIDGE + "/24 dev br0",
                        // Never used as a route: connections to ClusterIPs need one until nftables rewrites them.
                        "route add " + AddressPlan.SERVICE_CIDR + " dev br0",
                        ""));
    }

    /** Puts {@code count} nodes on the bridge. */
    public static Fabric create(int count) throws IOException, InterruptedException {
        if (count < 1 || count > AddressPlan.MAX_NODES) {
            throw new IllegalArgumentException("a lab has 1 to " + AddressPlan.MAX_NODES + " nodes, not " + count);
        }
        var nodes = new ConcurrentLinkedQueue<NodeNetwork>();
        try (var tasks = new TaskGroup("node")) {
            for (int number = 1; number <= count; number++) {
                int each = number;
                tasks.start(() -> nodes.add(NodeNetwork.create(each, count)));
            }
            tasks.join();
        } catch (ExecutionException e) {
            throw new IOException("making the nodes' network failed: " + e.getCause(), e);
        }
        for (var node : nodes) {
            Command.run(List.of("ip", "route", "add", AddressPlan.podRange(node.number()), "via", node.address()));
        }
        return new Fabric(nodes.stream()
                .sorted(Comparator.comparingInt(NodeNetwork::number))
                .toList());
    }
}
