package dev.gossamer.control.observed;

import java.util.Map;

/**
 * A server that is not a pod, as a WorkloadEntry or a ServiceEntry describes it. Immutable.
 *
 * @param address an IP address or a host name
 * @param ports by the name of the service's port
 * @param locality {@code region/zone/subzone}, as far as known
 * @param network empty: that of the cluster
 * @param weight 0: unset
 */
public record Endpoint(
        String address,
        Map<String, Integer> ports,
        Map<String, String> labels,
        String serviceAccount,
        String locality,
        String network,
        int weight) {
    public Endpoint {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
