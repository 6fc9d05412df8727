package dev.gossamer.cli.authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.cli.ztunnel.ConfigDump;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TlsCheckTest {
    private ConfigDump dump;

    @BeforeEach
    void readDump() throws Exception {
        try (var stream = TlsCheckTest.class.getResourceAsStream("/dev/gossamer/cli/config-dump.json")) {
            dump = ConfigDump.parse(Map.of("dump", new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    @Test
    void reportsACapturedPodWithItsIdentityAndCertificate() {
        var report = check(List.of(), pod("frontend-1", true));

        assertThat(report.captured()).isTrue();
        assertThat(report.identity()).isEqualTo("spiffe://cluster.local/ns/production/sa/frontend");
        assertThat(report.certificate())
                .isEqualTo(new TlsReport.Certificate("Available", "4711", "2999-01-01T00:00:00Z"));
        assertThat(report.mode()).isEqualTo("PERMISSIVE");
        assertThat(report.modeFrom()).isEqualTo("default");
        assertThat(report.verdict())
                .isEqualTo(
                        "frontend-1.production is in the mesh: mutual TLS to 1 of the 2 service ports that it can reach");
    }

    @Test
    void tellsTunnelledDestinationsFromPlainOnes() {
        var report = check(List.of(), pod("frontend-1", true));

        assertThat(report.destinations())
                .containsExactly(
                        new TlsReport.Destination(
                                "api.production.svc.cluster.local",
                                80,
                                TlsReport.Status.MTLS,
                                "PERMISSIVE",
                                "HBONE mTLS",
                                "default"),
                        new TlsReport.Destination(
                                "db.legacy.svc.cluster.local",
                                5432,
                                TlsReport.Status.PLAIN,
                                "not in the mesh",
                                "plain TCP",
                                "-"),
                        new TlsReport.Destination(
                                "waypoint.production.svc.cluster.local",
                                15008,
                                TlsReport.Status.NO_ENDPOINTS,
                                "-",
                                "-",
                                "-"));
    }

    @Test
    void saysThatAStrictServerRefusesAPodOutsideTheMesh() {
        var report = check(List.of(policy("production", "strict", "{mtls: {mode: STRICT}}")), pod("frontend-1", false));

        assertThat(report.captured()).isFalse();
        assertThat(report.destinations().getFirst().status()).isEqualTo(TlsReport.Status.REFUSED);
        assertThat(report.destinations().getFirst().policy()).isEqualTo("production/strict");
        assertThat(report.verdict()).contains("is not in the mesh").contains("kubectl label namespace production");
    }

    @Test
    void takesTheNearestPolicyThatSaysSomething() {
        var mesh = policy("istio-system", "mesh", "{mtls: {mode: STRICT}}");
        var namespace = policy("production", "namespace", "{mtls: {mode: DISABLE}}");
        var silent = policy("production", "silent", "{selector: {matchLabels: {app: api}}, mtls: {mode: UNSET}}");
        var workload =
                policy("production", "workload", "{selector: {matchLabels: {app: api}}, mtls: {mode: PERMISSIVE}}");
        var labels = Map.of("app", "api");

        assertThat(effective(List.of(mesh), "production", labels))
                .isEqualTo(new TlsMode("STRICT", "istio-system/mesh"));
        assertThat(effective(List.of(mesh, namespace), "production", labels))
                .isEqualTo(new TlsMode("DISABLE", "production/namespace"));
        assertThat(effective(List.of(mesh, namespace, silent), "production", labels))
                .isEqualTo(new TlsMode("DISABLE", "production/namespace"));
        assertThat(effective(List.of(mesh, namespace, workload), "production", labels))
                .isEqualTo(new TlsMode("PERMISSIVE", "production/workload"));
        assertThat(effective(List.of(mesh, namespace, workload), "production", Map.of()))
                .isEqualTo(new TlsMode("DISABLE", "production/namespace"));
        assertThat(effective(List.of(namespace), "other", labels)).isEqualTo(new TlsMode("PERMISSIVE", "default"));
    }

    private static TlsMode effective(
            List<GenericKubernetesResource> policies, String namespace, Map<String, String> labels) {
        return TlsMode.effective(policies, "istio-system", namespace, labels);
    }

    private TlsReport check(List<GenericKubernetesResource> policies, Pod pod) {
        return new TlsCheck(dump, policies, List.of(pod), "istio-system").of(pod);
    }

    private static Pod pod(String name, boolean redirected) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("production")
                .withName(name)
                .withAnnotations(redirected ? Map.of("ambient.istio.io/redirection", "enabled") : Map.of())
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .endSpec()
                .build();
    }

    private static GenericKubernetesResource policy(String namespace, String name, String spec) {
        return new KubernetesSerialization()
                .unmarshal(
                        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {namespace: " + namespace
                                + ", name: " + name + "}\nspec: " + spec,
                        GenericKubernetesResource.class);
    }
}
