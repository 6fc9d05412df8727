package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.core.telemetry.TrafficLabels;
import dev.gossamer.core.telemetry.TrafficLabels.DestinationService;
import dev.gossamer.core.telemetry.TrafficLabels.Party;
import dev.gossamer.core.telemetry.TrafficLabels.Reporter;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who talks to whom on one connection. Immutable.
 *
 * @param hboneAddress the authority asked for through a tunnel
 * @param service as which the client asked for the destination, if it did
 */
public record ConnectionFacts(
        Direction direction,
        End source,
        End destination,
        @Nullable String hboneAddress,
        @Nullable Service service) {

    /**
     * One end; what is not known is absent. Immutable.
     *
     * @param identity only where mutual TLS proved it
     */
    public record End(
            @Nullable InetSocketAddress address,
            @Nullable Workload workload,
            @Nullable SpiffeId identity) {}

    TrafficLabels labels(CloseCode code) {
        return new TrafficLabels(
                direction == Direction.OUTBOUND ? Reporter.SOURCE : Reporter.DESTINATION,
                party(source),
                party(destination),
                service == null
                        ? null
                        : new DestinationService(
                                service.name().hostname(), service.name().namespace(), service.displayName()),
                code,
                source.identity != null || destination.identity != null);
    }

    AccessRecord record(long received, long sent, Duration duration, @Nullable String error) {
        boolean outbound = direction == Direction.OUTBOUND;
        return new AccessRecord(
                accessParty(source),
                accessParty(destination),
                hboneAddress,
                service == null ? null : service.name().hostname(),
                direction,
                outbound ? received : sent,
                outbound ? sent : received,
                duration,
                error);
    }

    private static Party party(End end) {
        var principal = end.identity == null ? "" : end.identity.toString();
        var workload = end.workload;
        if (workload == null) {
            // The certificate says at least where the peer is from.
            var namespace = end.identity == null ? "" : end.identity.namespace();
            return new Party("", "", "", namespace, principal, "", Locality.UNKNOWN, false);
        }
        var description = workload.description();
        return new Party(
                description.workloadName(),
                description.canonicalName(),
                description.canonicalRevision(),
                workload.namespace(),
                principal,
                workload.owner().cluster(),
                workload.location().locality(),
                true);
    }

    private static AccessRecord.Party accessParty(End end) {
        var workload = end.workload;
        return new AccessRecord.Party(
                end.address,
                workload == null ? null : workload.name(),
                workload == null ? null : workload.namespace(),
                end.identity == null ? null : end.identity.toString(),
                workload == null ? null : workload.owner().cluster());
    }
}
