package dev.gossamer.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.telemetry.TrafficLabels.DestinationService;
import dev.gossamer.core.telemetry.TrafficLabels.Party;
import dev.gossamer.core.telemetry.TrafficLabels.Reporter;
import dev.gossamer.core.workload.Locality;
import org.junit.jupiter.api.Test;

final class TrafficLabelsTest {
    private static final Party WEB =
            new Party("web", "web", "v1", "shop", "", "Kubernetes", new Locality("r1", "z1", ""), true);

    @Test
    void namesEachLabelOfTheReferenceOnce() {
        var labels = labels(WEB);

        assertThat(labels.names())
                .containsExactlyInAnyOrder(
                        "reporter",
                        "source_workload",
                        "source_canonical_service",
                        "source_canonical_revision",
                        "source_workload_namespace",
                        "source_principal",
                        "source_app",
                        "source_version",
                        "source_cluster",
                        "destination_service",
                        "destination_service_namespace",
                        "destination_service_name",
                        "destination_workload",
                        "destination_canonical_service",
                        "destination_canonical_revision",
                        "destination_workload_namespace",
                        "destination_principal",
                        "destination_app",
                        "destination_version",
                        "destination_cluster",
                        "request_protocol",
                        "response_flags",
                        "connection_security_policy",
                        "source_region",
                        "source_zone",
                        "destination_region",
                        "destination_zone");
        assertThat(labels.values()).hasSameSizeAs(labels.names());
    }

    @Test
    void saysUnknownForWhatIsMissing() {
        var labels = labels(WEB);

        assertThat(value(labels, "source_workload")).isEqualTo("web");
        assertThat(value(labels, "source_principal")).isEqualTo("unknown");
        assertThat(value(labels, "source_region")).isEqualTo("r1");
        assertThat(value(labels, "destination_workload")).isEqualTo("unknown");
        assertThat(value(labels, "destination_service_name")).isEqualTo("api");
        assertThat(value(labels, "connection_security_policy")).isEqualTo("mutual_tls");
        assertThat(value(labels.withCloseCode(CloseCode.DENIED), "response_flags"))
                .isEqualTo("DENY");
    }

    @Test
    void leavesLocalitiesOutWhereNoEndIsKnown() {
        assertThat(labels(Party.UNKNOWN).names())
                .doesNotContain("source_region")
                .hasSize(23);
    }

    private static TrafficLabels labels(Party source) {
        return new TrafficLabels(
                Reporter.SOURCE,
                source,
                Party.UNKNOWN,
                new DestinationService("api.shop.svc.cluster.local", "shop", "api"),
                CloseCode.OK,
                true);
    }

    private static String value(TrafficLabels labels, String name) {
        return labels.values().get(labels.names().indexOf(name));
    }
}
