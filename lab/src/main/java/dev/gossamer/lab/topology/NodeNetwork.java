package dev.gossamer.lab.topology;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node: a namespace on the bridge that routes to its pods.
 *
 * <p>Each pod has a device of its own on the node, a /32 route to it, and the node's {@link AddressPlan#podGateway} as
 * its router: no second bridge, no proxy ARP. Thread-safe.
 */
public final class NodeNetwork {
    private final int number;
    private final Namespace namespace;
    private final PodAddresses addresses;
    private final AtomicInteger devices = new AtomicInteger();

    private NodeNetwork(int number, Namespace namespace) {
        this.number = number;
        this.namespace = namespace;
        this.addresses = new PodAddresses(number);
    }

    /** {@code nodes}: how many there are in all; each has a route to every other one's pods. */
    static NodeNetwork create(int number, int nodes) throws IOException, InterruptedException {
        var namespace = Namespace.create(nodeName(number));
        String port = "n" + number;
        Command.run(
                List.of("ip", "-batch", "-"),
                String.join(
                        "\n",
                        "link add " + port + " type veth peer name eth0 netns " + namespace.name(),
                        "link set " + port + " addrgenmode none",
                        "link set " + port + " master br0",
                        "link set " + port + " up",
                        ""));
        namespace.ip(nodeDevices(number, nodes));
        Command.run(List.of(
                "nsenter",
                "--net=" + namespace.file(),
                "sh",
                "-ec",
                "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding"));
        return new NodeNetwork(number, namespace);
    }

    private static List<String> nodeDevices(int number, int nodes) {
        var lines = new ArrayList<String>();
        lines.add("link set lo up");
        lines.add("link set eth0 addrgenmode none");
        lines.add("link set eth0 up");
        lines.add("addr add " + AddressPlan.node(number) + "/24 dev eth0");
        lines.add("addr add " + AddressPlan.podGateway(number) + "/32 dev lo");
        // ClusterIPs have no host: without a route, connecting to one fails before nftables sees the packet.
        lines.add("route add default via " + AddressPlan.BRIDGE + " dev eth0");
        for (int other = 1; other <= nodes; other++) {
            if (other != number) {
                lines.add("route add " + AddressPlan.podRange(other) + " via " + AddressPlan.node(other));
            }
        }
        return lines;
    }

    /** {@code node-1} and so on: also the name of the Node object. */
    public static String nodeName(int number) {
        return "node-" + number;
    }

    public String name() {
        return namespace.name();
    }

    public int number() {
        return number;
    }

    public String address() {
        return AddressPlan.node(number);
    }

    public Namespace namespace() {
        return namespace;
    }

    /** Makes the namespace of a pod, connected; its file is called {@code name}. */
    public PodNetwork addPod(String name) throws IOException, InterruptedException {
        String address = addresses.take();
        try {
            var pod = Namespace.create(name);
            try {
                String device = "veth" + devices.incrementAndGet();
                namespace.ip(List.of(
                        "link add " + device + " type veth peer name eth0 netns " + name,
                        "link set " + device + " addrgenmode none",
                        "link set " + device + " up",
                        "route add " + address + "/32 dev " + device + " src " + AddressPlan.podGateway(number)));
                pod.ip(podDevices(address));
                return new PodNetwork(pod, address, device);
            } catch (IOException | InterruptedException e) {
                pod.delete();
                throw e;
            }
        } catch (IOException | InterruptedException e) {
            addresses.release(address);
            throw e;
        }
    }

    private List<String> podDevices(String address) {
        String gateway = AddressPlan.podGateway(number);
        return List.of(
                "link set lo up",
                "link set eth0 addrgenmode none",
                "link set eth0 up",
                "addr add " + address + "/32 dev eth0",
                "route add " + gateway + "/32 dev eth0 scope link src " + address,
                "route add default via " + gateway + " dev eth0");
    }

    /** Takes the pod off the network and deletes its namespace. */
    public void removePod(PodNetwork pod) throws IOException, InterruptedException {
        try {
            // Open sockets keep a namespace alive after its file is gone; without the device nothing reaches it.
            namespace.ip(List.of("link delete " + pod.device()));
            pod.namespace().delete();
        } finally {
            addresses.release(pod.address());
        }
    }
}
