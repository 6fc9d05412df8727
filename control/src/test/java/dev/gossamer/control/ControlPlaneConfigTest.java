package dev.gossamer.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ControlPlaneConfigTest {
    @Test
    void pinsEveryKeyAndDefault() throws Exception {
        assertThat(ControlPlaneConfig.read(Settings.of(Map.of())).effective())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", "false"),
                        Map.entry("AMBIENT_ENABLE_STATUS", "true"),
                        Map.entry("CA_TRUSTED_NODE_ACCOUNTS", "istio-system/ztunnel"),
                        Map.entry("CLUSTER_DOMAIN", "cluster.local"),
                        Map.entry("CLUSTER_ID", "Kubernetes"),
                        Map.entry("DEFAULT_WORKLOAD_CERT_TTL", "PT24H"),
                        Map.entry("GRPC_MAX_CONNECTION_AGE", "PT30M"),
                        Map.entry("HTTP_ADDR", ":8080"),
                        Map.entry("ISTIOD_CUSTOM_HOST", ""),
                        Map.entry("KUBERNETES_START_TIMEOUT", "PT30S"),
                        Map.entry("LOG_FORMAT", "plain"),
                        Map.entry("LOG_LEVEL", "info,io.fabric8=warn"),
                        Map.entry("MAX_WORKLOAD_CERT_TTL", "PT2160H"),
                        Map.entry("MONITORING_ADDR", ":15014"),
                        Map.entry("PILOT_ENABLE_AMBIENT", "true"),
                        Map.entry("PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES", "true"),
                        Map.entry("PILOT_ENABLE_SERVICEENTRY_SELECT_PODS", "true"),
                        Map.entry("POD_NAME", "istiod"),
                        Map.entry("POD_NAMESPACE", "istio-system"),
                        Map.entry("REVISION", "default"),
                        Map.entry("SECURE_GRPC_ADDR", ":15012"),
                        Map.entry("TERMINATION_DRAIN_DURATION", "PT5S"),
                        Map.entry("TOKEN_AUDIENCES", "istio-ca"),
                        Map.entry("TRUST_DOMAIN", "cluster.local")));
    }

    @Test
    void namesItsCertificateAfterItsServiceAndWhatIsAsked() throws Exception {
        var config = ControlPlaneConfig.read(Settings.of(Map.of(
                "POD_NAMESPACE", "mesh", "REVISION", "canary", "ISTIOD_CUSTOM_HOST", "host.example, 192.0.2.1")));
        assertThat(config.servingNames())
                .containsExactly(
                        "istiod.mesh.svc",
                        "istiod-remote.mesh.svc",
                        "istio-pilot.mesh.svc",
                        "istiod.mesh.svc.cluster.local",
                        "istiod-canary.mesh.svc",
                        "host.example");
        assertThat(config.servingAddresses().getFirst().getHostAddress()).isEqualTo("192.0.2.1");
    }

    @Test
    void readsSeveralNodeAccountsAndSwitchesTheHealthPortOff() throws Exception {
        var config = ControlPlaneConfig.read(
                Settings.of(Map.of("CA_TRUSTED_NODE_ACCOUNTS", "a/b, c/d", "HTTP_ADDR", "off")));
        assertThat(config.certificates().trustedNodeAccounts())
                .containsExactlyInAnyOrder(new ObjectName("a", "b"), new ObjectName("c", "d"));
        assertThat(config.listeners().health()).isNull();
    }

    @Test
    void reportsAllMistakesTogether() {
        var settings = Map.of(
                "CA_TRUSTED_NODE_ACCOUNTS", "ztunnel",
                "MAX_WORKLOAD_CERT_TTL", "1h",
                "MONITORING_ADDR", "off",
                "SECURE_GRPC_ADDR", "example.org:1",
                "HTTP_ADDR", ":99999",
                "LOG_FORMAT", "xml",
                "GRPC_MAX_CONNECTION_AGE", "soon");
        assertThatThrownBy(() -> ControlPlaneConfig.read(Settings.of(settings)))
                .isInstanceOf(InvalidSettingsException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains(settings.keySet());
    }
}
