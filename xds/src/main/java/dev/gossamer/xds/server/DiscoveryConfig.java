package dev.gossamer.xds.server;

import java.time.Duration;

/**
 * Bounds of the discovery service. Immutable.
 *
 * @param maxResponseBytes a larger response is split in several. Node proxies take the first response of a type for the
 *     whole mesh and accept 200 MiB, so a bound below what a mesh can weigh makes them ready before they know it all
 * @param firstRequestTimeout within which a client says who it is
 */
public record DiscoveryConfig(int maxStreams, int maxResponseBytes, Duration firstRequestTimeout) {
    public static final DiscoveryConfig DEFAULT = new DiscoveryConfig(100_000, 128 << 20, Duration.ofSeconds(10));
}
