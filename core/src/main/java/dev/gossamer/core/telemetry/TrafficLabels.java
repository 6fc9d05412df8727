package dev.gossamer.core.telemetry;

import dev.gossamer.core.workload.Locality;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels of {@code istio_tcp_*}: who talked to whom, as one proxy saw it. Immutable.
 *
 * @param service as the client asked for it, if it did
 */
public record TrafficLabels(
        Reporter reporter,
        Party source,
        Party destination,
        @Nullable DestinationService service,
        CloseCode closeCode,
        boolean mutualTls) {
    private static final String UNKNOWN = "unknown";

    public enum Reporter {
        SOURCE("source"),
        DESTINATION("destination");

        private final String text;

        Reporter(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /**
     * One end; what is not known is empty. Immutable.
     *
     * @param workload of the Deployment or the like, not of the pod: pods come and go, and label values stay
     */
    public record Party(
            String workload,
            String canonicalService,
            String canonicalRevision,
            String namespace,
            String principal,
            String cluster,
            Locality locality,
            boolean known) {
        public static final Party UNKNOWN = new Party("", "", "", "", "", "", Locality.UNKNOWN, false);

        /** The same, as mutual TLS proved it. */
        public Party withPrincipal(String proven) {
            return new Party(
                    workload, canonicalService, canonicalRevision, namespace, proven, cluster, locality, known);
        }
    }

    /** Immutable. */
    public record DestinationService(String hostname, String namespace, String name) {}

    public TrafficLabels withCloseCode(CloseCode code) {
        return code == closeCode ? this : new TrafficLabels(reporter, source, destination, service, code, mutualTls);
    }

    /** The labels' names, in the order of {@link #values}. */
    public List<String> names() {
        var names = new ArrayList<String>(27);
        names.add("reporter");
        addPartyNames(names, "source");
        names.add("destination_service");
        names.add("destination_service_namespace");
        names.add("destination_service_name");
        addPartyNames(names, "destination");
        names.add("request_protocol");
        names.add("response_flags");
        names.add("connection_security_policy");
        if (hasLocalities()) {
            names.addAll(List.of("source_region", "source_zone", "destination_region", "destination_zone"));
        }
        return names;
    }

    public List<String> values() {
        var values = new ArrayList<String>(27);
        values.add(reporter.text);
        addParty(values, source);
        values.add(service == null ? UNKNOWN : orUnknown(service.hostname));
        values.add(service == null ? UNKNOWN : orUnknown(service.namespace));
        values.add(service == null ? UNKNOWN : orUnknown(service.name));
        addParty(values, destination);
        values.add("tcp");
        values.add(closeCode.flag());
        values.add(mutualTls ? "mutual_tls" : UNKNOWN);
        if (hasLocalities()) {
            values.add(orUnknown(source.locality.region()));
            values.add(orUnknown(source.locality.zone()));
            values.add(orUnknown(destination.locality.region()));
            values.add(orUnknown(destination.locality.zone()));
        }
        return values;
    }

    private boolean hasLocalities() {
        return source.known || destination.known;
    }

    private static void addPartyNames(List<String> names, String prefix) {
        names.add(prefix + "_workload");
        names.add(prefix + "_canonical_service");
        names.add(prefix + "_canonical_revision");
        names.add(prefix + "_workload_namespace");
        names.add(prefix + "_principal");
        names.add(prefix + "_app");
        names.add(prefix + "_version");
        names.add(prefix + "_cluster");
    }

    private static void addParty(List<String> values, Party party) {
        values.add(orUnknown(party.workload));
        values.add(orUnknown(party.canonicalService));
        values.add(orUnknown(party.canonicalRevision));
        values.add(orUnknown(party.namespace));
        values.add(orUnknown(party.principal));
        values.add(orUnknown(party.canonicalService));
        values.add(orUnknown(party.canonicalRevision));
        values.add(orUnknown(party.cluster));
    }

    private static String orUnknown(String value) {
        return value.isEmpty() ? UNKNOWN : value;
    }
}
