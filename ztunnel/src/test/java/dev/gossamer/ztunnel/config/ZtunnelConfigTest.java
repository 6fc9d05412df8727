package dev.gossamer.ztunnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ZtunnelConfigTest {
    /** Operators and manifests rely on these: changing one breaks somebody. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("ADMIN_PORT", "15000"),
            Map.entry("ALT_CA_HOSTNAME", ""),
            Map.entry("ALT_XDS_HOSTNAME", ""),
            Map.entry("AUTH_TOKEN", ""),
            Map.entry("CA_ADDRESS", "https://localhost:15012"),
            Map.entry("CA_ROOT_CA", "./var/run/secrets/istio/root-cert.pem"),
            Map.entry("CERT_DIR", ""),
            Map.entry("CLUSTER_DOMAIN", "cluster.local"),
            Map.entry("CLUSTER_ID", "Kubernetes"),
            Map.entry("CONNECTION_TERMINATION_DEADLINE", "PT5S"),
            Map.entry("CONNECT_TIMEOUT", "PT15S"),
            Map.entry("DIAL_TIMEOUT", "PT10S"),
            Map.entry("ENABLE_ORIG_SRC", ""),
            Map.entry("ENABLE_RESPONSE_BAGGAGE", "true"),
            Map.entry("HTTP2_CONNECTION_WINDOW_SIZE", "16777216"),
            Map.entry("HTTP2_FRAME_SIZE", "1048576"),
            Map.entry("HTTP2_STREAM_WINDOW_SIZE", "4194304"),
            Map.entry("INPOD_PORT_REUSE", "true"),
            Map.entry("INPOD_UDS", "/var/run/ztunnel/ztunnel.sock"),
            Map.entry("INSTANCE_IP", "1.1.1.1"),
            Map.entry("IPV6_ENABLED", "true"),
            Map.entry("ISTIO_META_CLUSTER_ID", "Kubernetes"),
            Map.entry("ISTIO_META_ISTIO_VERSION", "unknown"),
            Map.entry("KEEPALIVE_ENABLED", "true"),
            Map.entry("KEEPALIVE_INTERVAL", "PT3M"),
            Map.entry("KEEPALIVE_RETRIES", "9"),
            Map.entry("KEEPALIVE_TIME", "PT3M"),
            Map.entry("KUBERNETES_SERVICE_HOST", ""),
            Map.entry("LOCALHOST_APP_TUNNEL", "true"),
            Map.entry("LOCAL_XDS_PATH", ""),
            Map.entry("LOG_FORMAT", "plain"),
            Map.entry("NETWORK", ""),
            Map.entry("NODE_NAME", ""),
            Map.entry("PACKET_MARK", "1337"),
            Map.entry("POD_NAME", ""),
            Map.entry("POD_NAMESPACE", ""),
            Map.entry("POOL_MAX_STREAMS_PER_CONNECTION", "100"),
            Map.entry("POOL_UNUSED_RELEASE_TIMEOUT", "PT5M"),
            Map.entry("PROXY_MODE", "shared"),
            Map.entry("READINESS_PORT", "15021"),
            Map.entry("RUST_LOG", "info"),
            Map.entry("SECRET_TTL", "PT24H"),
            Map.entry("STATS_PORT", "15020"),
            Map.entry("TERMINATION_GRACE_PERIOD_SECONDS", "0"),
            Map.entry("TLS_HANDSHAKE_TIMEOUT", "PT10S"),
            Map.entry("TRUST_DOMAIN", "cluster.local"),
            Map.entry("TUNNEL_MEMORY_MIB", "32"),
            Map.entry("USER_TIMEOUT_ENABLED", "false"),
            Map.entry("XDS_ADDRESS", "https://localhost:15012"),
            Map.entry("XDS_ROOT_CA", "./var/run/secrets/istio/root-cert.pem"),
            Map.entry("ZTUNNEL_CPU_LIMIT", ""),
            Map.entry("ZTUNNEL_RESOURCE_CPU_LIMIT", ""),
            Map.entry("ZTUNNEL_RESOURCE_CPU_REQUEST", ""),
            Map.entry("ZTUNNEL_WORKER_THREADS", ""));

    @Test
    void hasTheseKeysAndDefaults() throws Exception {
        assertThat(read(Map.of()).effective()).containsExactlyInAnyOrderEntriesOf(DEFAULTS);
    }

    @Test
    void listensWhereTheRulesOfPodsSendTraffic() throws Exception {
        var ports = read(Map.of()).ports();

        assertThat(ports).isEqualTo(new ZtunnelConfig.Ports(15001, 15006, 15008, 15008, 15000, 15020, 15021));
        assertThat(ports.isIllegalDestination(15001)).isTrue();
        assertThat(ports.isIllegalDestination(15006)).isTrue();
        assertThat(ports.isIllegalDestination(15008)).isTrue();
        assertThat(ports.isIllegalDestination(80)).isFalse();
    }

    @Test
    void findsTheControlPlaneOfTheClusterItRunsIn() throws Exception {
        var inCluster = read(Map.of("KUBERNETES_SERVICE_HOST", "10.96.0.1")).controlPlane();

        assertThat(inCluster.xdsAddress()).isEqualTo("https://istiod.istio-system.svc:15012");
        assertThat(inCluster.caAddress()).isEqualTo("https://istiod.istio-system.svc:15012");
    }

    @Test
    void doesWithoutAControlPlaneWhereFilesTakeItsPlace() throws Exception {
        var alone = read(Map.of(
                "PROXY_MODE", "dedicated",
                "PROXY_WORKLOAD_INFO", "shop/web/web-account",
                "XDS_ADDRESS", "",
                "CA_ADDRESS", "",
                "LOCAL_XDS_PATH", "/tmp/mesh.yaml",
                "CERT_DIR", "/tmp/certs"));

        assertThat(alone.mode()).isEqualTo(new ZtunnelConfig.Mode.Dedicated("shop", "web", "web-account"));
        assertThat(alone.controlPlane().xdsAddress()).isNull();
        assertThat(alone.sockets().packetMark()).isNull();
    }

    @Test
    void reportsAllMistakesTogether() {
        assertThatThrownBy(() ->
                        read(Map.of("PROXY_MODE", "both", "PACKET_MARK", "x", "XDS_ADDRESS", "", "CA_ADDRESS", "")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("PROXY_MODE=both")
                .hasMessageContaining("PACKET_MARK=x")
                .hasMessageContaining("LOCAL_XDS_PATH must name a file")
                .hasMessageContaining("CERT_DIR must name a directory");
        assertThatThrownBy(() -> read(Map.of("PROXY_MODE", "dedicated")))
                .hasMessageContaining("PROXY_WORKLOAD_INFO is not set");
    }

    @ParameterizedTest
    @CsvSource({
        // cores, threads, limit, request, expected
        "2,,,,2",
        "8,,,,2",
        "16,,,,4",
        "16,,,6,6",
        "16,,,500m,4",
        "16,,3,8,3",
        "16,,2500m,,3",
        "16,5,,,5",
        "16,0,,,16",
        "16,50%,,,8",
        "3,10%,,,1",
    })
    void takesAQuarterOfTheCoresUnlessToldOtherwise(
            int cores, String threads, String limit, String request, int expected) throws Exception {
        var env = new HashMap<String, String>();
        put(env, "ZTUNNEL_WORKER_THREADS", threads);
        put(env, "ZTUNNEL_CPU_LIMIT", limit);
        put(env, "ZTUNNEL_RESOURCE_CPU_REQUEST", request);

        assertThat(ZtunnelConfig.read(Settings.of(env), cores).process().workerThreads())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,5", "30,25", "10,9", "5,4", "1,1"})
    void drainsWithinTheGracePeriod(int grace, int seconds) throws Exception {
        var config = read(Map.of("TERMINATION_GRACE_PERIOD_SECONDS", "" + grace));

        assertThat(config.process().drainDeadline()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void doesNotShowAToken() throws Exception {
        assertThat(read(Map.of("AUTH_TOKEN", "s3cret")).toString()).doesNotContain("s3cret");
    }

    private static void put(Map<String, String> env, String key, String value) {
        if (value != null) {
            env.put(key, value);
        }
    }

    private static ZtunnelConfig read(Map<String, String> env) throws InvalidSettingsException {
        return ZtunnelConfig.read(Settings.of(env), 2);
    }
}
