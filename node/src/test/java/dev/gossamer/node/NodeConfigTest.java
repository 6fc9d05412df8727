package dev.gossamer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NodeConfigTest {
    @Test
    void hasTheseDefaults() throws Exception {
        assertThat(NodeConfig.read(Settings.of(Map.of("NODE_NAME", "node-1"))))
                .isEqualTo(new NodeConfig(
                        "node-1",
                        "istio-system",
                        Set.of("kube-system"),
                        false,
                        true,
                        Path.of("/var/run/ztunnel/ztunnel.sock"),
                        null,
                        Path.of("/proc"),
                        15014,
                        8000,
                        Duration.ofSeconds(5),
                        "info,io.fabric8=warn",
                        false));
    }

    @Test
    void readsTheseKeys() throws Exception {
        var settings = Map.ofEntries(
                Map.entry("NODE_NAME", "n"),
                Map.entry("POD_NAMESPACE", "mesh"),
                Map.entry("EXCLUDE_NAMESPACES", "a, b,"),
                Map.entry("AMBIENT_DNS_CAPTURE", "true"),
                Map.entry("AMBIENT_IPV6", "false"),
                Map.entry("ZTUNNEL_UDS_ADDRESS", "/s"),
                Map.entry("NETNS_DIR", "/run/netns"),
                Map.entry("HOST_PROC_PATH", "/host/proc"),
                Map.entry("MONITORING_PORT", "1"),
                Map.entry("READY_PORT", "2"),
                Map.entry("LEAVING_GRACE", "3s"),
                Map.entry("LOG_LEVEL", "debug"),
                Map.entry("LOG_FORMAT", "json"));
        assertThat(NodeConfig.read(Settings.of(settings)))
                .isEqualTo(new NodeConfig(
                        "n",
                        "mesh",
                        Set.of("a", "b"),
                        true,
                        false,
                        Path.of("/s"),
                        Path.of("/run/netns"),
                        Path.of("/host/proc"),
                        1,
                        2,
                        Duration.ofSeconds(3),
                        "debug",
                        true));
    }

    @Test
    void wantsToKnowItsNode() {
        assertThatThrownBy(() -> NodeConfig.read(Settings.of(Map.of())))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("NODE_NAME");
    }
}
