package dev.gossamer.xds.server;

import java.time.Duration;

/**
 * Bounds of the discovery service. Immutable.
 *
 * @param maxResponseBytes a larger response is split in several
 */
public record DiscoveryConfig(int maxStreams, int maxResponseBytes, Duration firstRequestTimeout) {
    public static final DiscoveryConfig DEFAULT = new DiscoveryConfig(100_000, 4 << 20, Duration.ofSeconds(10));
}
