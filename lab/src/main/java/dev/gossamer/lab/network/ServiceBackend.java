package dev.gossamer.lab.network;

import java.util.List;

/**
 * One port of a service's ClusterIP, and where its connections go.
 *
 * <p>Immutable.
 *
 * @param name of the service and port, for people who read the rules
 * @param protocol {@code tcp} or {@code udp}
 * @param endpoints in a fixed order, so that equal backends make equal rules
 * @param affinity a client's connections all go to one endpoint, as long as the endpoints stay the same
 */
record ServiceBackend(
        String name, String clusterIp, String protocol, int port, List<Endpoint> endpoints, boolean affinity) {
    ServiceBackend {
        endpoints = List.copyOf(endpoints);
    }

    /** Immutable. */
    record Endpoint(String address, int port) implements Comparable<Endpoint> {
        @Override
        public int compareTo(Endpoint other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }
}
