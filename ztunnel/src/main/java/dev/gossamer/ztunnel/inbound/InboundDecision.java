package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.workload.Service;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What becomes of a CONNECT, before policy is asked. Immutable. */
sealed interface InboundDecision {
    /** {@code service}: as which the workload was asked for, for telemetry. */
    record Connect(InetSocketAddress target, @Nullable Service service) implements InboundDecision {}

    record Refuse(int status, String reason) implements InboundDecision {}
}
