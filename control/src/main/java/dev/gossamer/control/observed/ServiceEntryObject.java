package dev.gossamer.control.observed;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that the mesh knows beside the cluster's own services. Immutable.
 *
 * @param selector pods and workload entries behind the hosts; absent: {@code endpoints}
 * @param allocated addresses that an allocator found for hosts that have none, as {@code status.addresses}
 */
public record ServiceEntryObject(
        Metadata metadata,
        List<String> hosts,
        List<String> addresses,
        List<Port> ports,
        Resolution resolution,
        List<Endpoint> endpoints,
        @Nullable Map<String, String> selector,
        List<String> subjectAltNames,
        List<Allocated> allocated)
        implements Observed {
    public ServiceEntryObject {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        selector = selector == null ? null : Map.copyOf(selector);
        subjectAltNames = List.copyOf(subjectAltNames);
        allocated = List.copyOf(allocated);
    }

    /** {@code target} 0: the same as {@code port}. {@code protocol}: as written. Immutable. */
    public record Port(String name, int port, int target, String protocol) {}

    public enum Resolution {
        NONE,
        STATIC,
        DNS,
        DNS_ROUND_ROBIN,
        DYNAMIC_DNS;

        /** Names are looked up by the client. */
        public boolean byName() {
            return this == DNS || this == DNS_ROUND_ROBIN || this == DYNAMIC_DNS;
        }
    }

    public record Allocated(String host, String address) {}

    @Override
    public Kind kind() {
        return Kind.SERVICE_ENTRY;
    }
}
