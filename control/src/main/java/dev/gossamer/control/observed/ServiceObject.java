package dev.gossamer.control.observed;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes service. Immutable.
 *
 * @param selector empty: its endpoints are written by someone else
 * @param clusterIps none for a headless service
 */
public record ServiceObject(
        Metadata metadata,
        boolean externalName,
        Map<String, String> selector,
        List<InetAddress> clusterIps,
        List<Port> ports,
        Families families,
        Traffic traffic)
        implements Observed {
    public ServiceObject {
        selector = Map.copyOf(selector);
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }

    /** {@code name}: empty where there is but one port. Immutable. */
    public record Port(
            String name,
            int port,
            Target target,
            Transport transport,
            @Nullable String appProtocol) {}

    /** The port behind. */
    public sealed interface Target {
        record Number(int port) implements Target {}

        /** The container port of this name, which may differ from pod to pod. */
        record Name(String name) implements Target {}
    }

    public enum Transport {
        TCP,
        UDP,
        SCTP
    }

    public record Families(boolean ipv4, boolean ipv6) {}

    /** {@code distribution}: {@code spec.trafficDistribution} as written. Immutable. */
    public record Traffic(boolean internalLocal, @Nullable String distribution, boolean publishNotReady) {}

    @Override
    public Kind kind() {
        return Kind.SERVICE;
    }
}
