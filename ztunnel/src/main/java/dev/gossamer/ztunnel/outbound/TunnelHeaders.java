package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.net.hbone.HboneHeaders;
import dev.gossamer.ztunnel.telemetry.Baggage;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a CONNECT says beside its destination. Stateless. */
final class TunnelHeaders {
    private TunnelHeaders() {}

    static HboneHeaders request(
            Workload source, InetSocketAddress client, @Nullable Service service, RandomGenerator random) {
        var forwarded = "for=\"" + AccessRecord.hostAndPort(client) + "\"";
        if (service != null) {
            forwarded += ";host=" + service.name().hostname();
        }
        return HboneHeaders.of(
                "baggage", Baggage.of(source), "forwarded", forwarded, "traceparent", traceparent(random));
    }

    /** W3C Trace Context, version 00, not sampled: applications' traces are not ours to begin. */
    private static String traceparent(RandomGenerator random) {
        var hex = HexFormat.of();
        return "00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + "-"
                + hex.toHexDigits(random.nextLong()) + "-00";
    }
}
