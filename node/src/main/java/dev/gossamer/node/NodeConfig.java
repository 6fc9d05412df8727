package dev.gossamer.node;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.telemetry.LogLevels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that an operator can set. Read once, at start; printed whole to the log. Immutable.
 *
 * @param nodeName whose pods are looked after
 * @param systemNamespace the mesh's own, where the node proxy runs
 * @param excludedNamespaces whose pods are never taken in
 * @param dnsCapture whether pods' DNS queries go to the node proxy, too. Off by default: it would leave pods without names
 *     where the proxy does not answer them
 * @param ipv6 whether pods have IPv6
 * @param zdsSocket where the node proxy connects
 * @param netnsDirectory where each pod's namespace is a file named by the pod's uid; if absent they are looked for in
 *     {@code procDirectory}
 * @param logLevels such as {@code info,node.redirect=debug}
 * @param jsonLogs or else plain lines
 * @param leavingGrace for how long a pod that leaves still takes tunnels, until all its peers know
 */
record NodeConfig(
        String nodeName,
        String systemNamespace,
        Set<String> excludedNamespaces,
        boolean dnsCapture,
        boolean ipv6,
        Path zdsSocket,
        @Nullable Path netnsDirectory,
        Path procDirectory,
        int metricsPort,
        int readyPort,
        Duration leavingGrace,
        String logLevels,
        boolean jsonLogs) {
    NodeConfig {
        excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    static NodeConfig read(Settings env) throws InvalidSettingsException {
        var netns = env.optionalText("NETNS_DIR");
        var config = new NodeConfig(
                env.requiredText(
                        "NODE_NAME", "the node whose pods to look after; the manifest takes it from spec.nodeName"),
                env.text("POD_NAMESPACE", "istio-system"),
                list(env.text("EXCLUDE_NAMESPACES", "kube-system")),
                env.flag("AMBIENT_DNS_CAPTURE", false),
                env.flag("AMBIENT_IPV6", true),
                env.path("ZTUNNEL_UDS_ADDRESS", Path.of("/var/run/ztunnel/ztunnel.sock")),
                netns == null ? null : Path.of(netns),
                env.path("HOST_PROC_PATH", Path.of("/proc")),
                env.port("MONITORING_PORT", 15014),
                env.port("READY_PORT", 8000),
                env.duration("LEAVING_GRACE", Duration.ofSeconds(5)),
                levels(env),
                json(env));
        env.requireValid();
        return config;
    }

    private static String levels(Settings env) {
        var levels = env.text("LOG_LEVEL", "info,io.fabric8=warn");
        try {
            var _ = LogLevels.parse(levels);
        } catch (IllegalArgumentException e) {
            env.reject("LOG_LEVEL=" + levels + ": " + e.getMessage());
        }
        return levels;
    }

    private static boolean json(Settings env) {
        var format = env.text("LOG_FORMAT", "plain");
        if (!format.equals("plain") && !format.equals("json")) {
            env.reject("LOG_FORMAT=" + format + ": must be plain or json");
        }
        return format.equals("json");
    }

    private static Set<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
