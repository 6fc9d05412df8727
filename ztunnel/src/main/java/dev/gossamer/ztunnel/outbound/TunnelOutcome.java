package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.hbone.HboneConnection;

/** What came of asking for a tunnel. Immutable. */
sealed interface TunnelOutcome {
    /** A stream fits in now, and perhaps not later: open it at once. */
    record Ready(HboneConnection connection) implements TunnelOutcome {}

    record Failed(CloseCode code, String reason) implements TunnelOutcome {}
}
