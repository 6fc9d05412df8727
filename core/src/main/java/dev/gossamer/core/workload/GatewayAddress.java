package dev.gossamer.core.workload;

/**
 * Where a waypoint or a network gateway is reached. Immutable.
 *
 * @param hbonePort 1 to 65535; 15008 unless someone says otherwise
 */
public record GatewayAddress(Destination destination, int hbonePort) {
    public sealed interface Destination {
        /** A service of the mesh, or else a workload with this hostname. */
        record Host(ServiceName name) implements Destination {
            @Override
            public String toString() {
                return name.toString();
            }
        }

        record Address(NetworkAddress address) implements Destination {
            @Override
            public String toString() {
                return address.toString();
            }
        }
    }
}
