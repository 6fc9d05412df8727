package dev.gossamer.lab.topology;

/** Which addresses the lab uses: fixed, so that logs and manifests can be read without looking them up. Immutable. */
public final class AddressPlan {
    /** Where ClusterIPs come from. */
    public static final String SERVICE_CIDR = "10.96.0.0/16";
    /** The ClusterIP of the API server. */
    public static final String API_SERVICE = "10.96.0.1";
    /** The ClusterIP of the cluster's DNS. */
    public static final String DNS_SERVICE = "10.96.0.10";
    /** The bridge: where the API server and the DNS server listen. */
    public static final String BRIDGE = "172.18.0.1";

    /** The third byte of a pod's address is its node's number. */
    static final int MAX_NODES = 200;

    private static final int FIRST_NODE_ADDRESS = 10;

    private AddressPlan() {}

    /** The address of node {@code number} (from 1) on the bridge. */
    public static String node(int number) {
        return "172.18.0." + (FIRST_NODE_ADDRESS + number);
    }

    public static String podRange(int node) {
        return "10.20." + node + ".0/24";
    }

    /** The pods' router; the node holds it on its loopback device. */
    public static String podGateway(int node) {
        return "10.20." + node + ".1";
    }

    static String pod(int node, int host) {
        return "10.20." + node + "." + host;
    }
}
