package dev.gossamer.core.policy;

import dev.gossamer.core.identity.SpiffeId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a policy can look at in one connection. Immutable.
 *
 * @param peer as its certificate proved it; absent for plain text
 * @param source the TCP peer's address
 * @param destination the workload's address
 * @param destinationPort the application's port, never the tunnel's
 */
public record ConnectionAttributes(
        @Nullable SpiffeId peer, InetAddress source, InetAddress destination, int destinationPort) {}
