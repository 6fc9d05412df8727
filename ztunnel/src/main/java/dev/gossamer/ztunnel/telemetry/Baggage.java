package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.core.workload.Workload;
import java.util.Locale;

/** Who a workload is, in a header, for the telemetry of a tunnel's other end. Stateless. */
public final class Baggage {
    private Baggage() {}

    /** Values are not escaped: names of Kubernetes need not be. */
    public static String of(Workload workload) {
        var type = workload.description().type().name().toLowerCase(Locale.ROOT);
        var locality = workload.location().locality();
        var text = new StringBuilder(160);
        append(text, "k8s.cluster.name", workload.owner().cluster());
        append(text, "k8s.namespace.name", workload.namespace());
        append(text, "k8s." + type + ".name", workload.description().workloadName());
        append(text, "service.name", workload.description().canonicalName());
        append(text, "service.version", workload.description().canonicalRevision());
        append(text, "cloud.region", locality.region());
        append(text, "cloud.availability_zone", locality.zone());
        return text.toString();
    }

    private static void append(StringBuilder text, String key, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value);
        }
    }
}
