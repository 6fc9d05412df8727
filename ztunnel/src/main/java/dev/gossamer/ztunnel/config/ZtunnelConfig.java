package dev.gossamer.ztunnel.config;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that an operator can set. Read once, at start; printed whole to the log and {@code /config_dump}. Immutable.
 *
 * @param effective each key that was asked for, as it came out
 */
public record ZtunnelConfig(
        Mode mode,
        Node node,
        ControlPlane controlPlane,
        Ports ports,
        Sockets sockets,
        Tunnels tunnels,
        Process process,
        Map<String, String> effective) {

    /** Whose proxy this is. Immutable. */
    public sealed interface Mode {
        /** The pods' that the node agent hands over through the socket at {@code agentSocket}. */
        record Shared(Path agentSocket, boolean portReuse) implements Mode {}

        /** One workload's, in the process's own network namespace. */
        record Dedicated(String namespace, String name, String serviceAccount) implements Mode {}
    }

    /**
     * Where the proxy runs. Immutable.
     *
     * @param name empty: every workload counts as local
     */
    public record Node(
            String name,
            String network,
            String clusterId,
            String clusterDomain,
            String trustDomain,
            String podName,
            String podNamespace,
            String instanceIp,
            String version) {}

    /**
     * Where knowledge of the mesh and certificates come from. Immutable.
     *
     * @param xdsAddress absent: only {@code localMesh}
     * @param caAddress absent: only with {@code certificateDirectory}
     * @param rootCa a file, {@code SYSTEM}, or PEM text
     * @param authToken a file, or the token itself; absent: none
     * @param localMesh a YAML file of workloads, services and policies that are known from the beginning
     * @param certificateDirectory holds cert-chain.pem, key.pem and root-cert.pem, in place of an authority
     */
    public record ControlPlane(
            @Nullable String xdsAddress,
            @Nullable String caAddress,
            String xdsRootCa,
            String caRootCa,
            @Nullable String altXdsHostname,
            @Nullable String altCaHostname,
            @Nullable String authToken,
            Map<String, String> xdsHeaders,
            Map<String, String> caHeaders,
            Map<String, Object> nodeMetadata,
            Duration certificateValidity,
            @Nullable Path localMesh,
            @Nullable Path certificateDirectory) {
        /** Without the token. */
        @Override
        public String toString() {
            return "ControlPlane[xds " + xdsAddress + ", ca " + caAddress + "]";
        }
    }

    /**
     * Where it listens. Immutable.
     *
     * @param peerInbound where other node proxies listen for tunnels
     */
    public record Ports(
            int outbound, int inboundPlaintext, int inbound, int peerInbound, int admin, int metrics, int readiness) {
        /** A connection to one of these would come back to the proxy. */
        public boolean isIllegalDestination(int port) {
            return port == outbound || port == inboundPlaintext || port == inbound;
        }
    }

    /**
     * How sockets are opened. Immutable.
     *
     * @param packetMark absent: none
     */
    public record Sockets(
            @Nullable Integer packetMark,
            OriginalSource originalSource,
            boolean ipv6,
            @Nullable Keepalive keepalive,
            Duration dialTimeout,
            Duration handshakeTimeout,
            Duration connectTimeout) {}

    /** Whether applications see their client's address. Immutable. */
    public enum OriginalSource {
        REQUIRED,
        NEVER,
        WHERE_POSSIBLE
    }

    /** TCP's own. {@code userTimeout}: whether unanswered data ends a connection as well. Immutable. */
    public record Keepalive(Duration idle, Duration interval, int retries, boolean userTimeout) {}

    /**
     * Numbers of HBONE. Immutable.
     *
     * @param memoryBudget for what peers may have sent ahead, over all tunnels
     */
    public record Tunnels(
            int maxStreams,
            Duration idleRelease,
            int streamWindow,
            int connectionWindow,
            int frameSize,
            long memoryBudget,
            boolean responseBaggage,
            boolean localhostApplication) {}

    /** Immutable. */
    public record Process(int workerThreads, Duration drainDeadline, String logLevel, boolean jsonLog) {}

    /**
     * Reads the environment.
     *
     * @throws InvalidSettingsException with every mistake: the operator's to mend
     */
    public static ZtunnelConfig read(Settings env) throws InvalidSettingsException {
        return read(env, Runtime.getRuntime().availableProcessors());
    }

    static ZtunnelConfig read(Settings env, int cores) throws InvalidSettingsException {
        var mode = mode(env);
        var node = node(env);
        var config = new ZtunnelConfig(
                mode,
                node,
                controlPlane(env),
                ports(env),
                sockets(env, mode),
                tunnels(env),
                process(env, cores),
                Map.of());
        config.check(env);
        env.requireValid();
        return new ZtunnelConfig(
                config.mode,
                config.node,
                config.controlPlane,
                config.ports,
                config.sockets,
                config.tunnels,
                config.process,
                withoutSecrets(env.effective()));
    }

    private static Mode mode(Settings env) {
        var mode = env.text("PROXY_MODE", "shared");
        switch (mode) {
            case "shared" -> {
                return new Mode.Shared(
                        env.path("INPOD_UDS", Path.of("/var/run/ztunnel/ztunnel.sock")),
                        env.flag("INPOD_PORT_REUSE", true));
            }
            case "dedicated" -> {
                var info = env.requiredText(
                        "PROXY_WORKLOAD_INFO", "a dedicated proxy serves one workload, namespace/name/serviceaccount");
                var parts = info.split("/", -1);
                if (parts.length == 3) {
                    return new Mode.Dedicated(parts[0], parts[1], parts[2]);
                }
                if (!info.isEmpty()) {
                    env.reject("PROXY_WORKLOAD_INFO=" + info + ": must be namespace/name/serviceaccount");
                }
            }
            default -> env.reject("PROXY_MODE=" + mode + ": must be shared or dedicated");
        }
        return new Mode.Dedicated("", "", "");
    }

    private static Node node(Settings env) {
        var clusterId = env.text("CLUSTER_ID", Workload.DEFAULT_CLUSTER);
        return new Node(
                env.text("NODE_NAME", ""),
                env.text("NETWORK", ""),
                env.text("ISTIO_META_CLUSTER_ID", clusterId),
                env.text("CLUSTER_DOMAIN", "cluster.local"),
                env.text("TRUST_DOMAIN", SpiffeId.DEFAULT_TRUST_DOMAIN),
                env.text("POD_NAME", ""),
                env.text("POD_NAMESPACE", ""),
                env.text("INSTANCE_IP", "1.1.1.1"),
                env.text("ISTIO_META_ISTIO_VERSION", "unknown"));
    }

    private static ControlPlane controlPlane(Settings env) {
        var inCluster = env.optionalText("KUBERNETES_SERVICE_HOST") != null;
        var address = inCluster ? "https://istiod.istio-system.svc:15012" : "https://localhost:15012";
        var token = Path.of("./var/run/secrets/tokens/istio-token");
        var defaultToken = Files.exists(token) ? token.toString() : "";
        var localMesh = env.optionalText("LOCAL_XDS_PATH");
        var certificates = env.optionalText("CERT_DIR");
        var authToken = env.text("AUTH_TOKEN", defaultToken);
        return new ControlPlane(
                addressOrOff(env, "XDS_ADDRESS", address),
                addressOrOff(env, "CA_ADDRESS", address),
                env.text("XDS_ROOT_CA", "./var/run/secrets/istio/root-cert.pem"),
                env.text("CA_ROOT_CA", "./var/run/secrets/istio/root-cert.pem"),
                env.optionalText("ALT_XDS_HOSTNAME"),
                env.optionalText("ALT_CA_HOSTNAME"),
                authToken.isEmpty() ? null : authToken,
                Headers.of(env.withPrefix("XDS_HEADER_")),
                Headers.of(env.withPrefix("CA_HEADER_")),
                NodeMetadata.of(env),
                env.duration("SECRET_TTL", Duration.ofHours(24)),
                localMesh == null ? null : Path.of(localMesh),
                certificates == null ? null : Path.of(certificates));
    }

    private static @Nullable String addressOrOff(Settings env, String key, String defaultAddress) {
        boolean off = env.isSet(key) && env.optionalText(key) == null;
        return off ? null : env.text(key, defaultAddress);
    }

    private static Ports ports(Settings env) {
        return new Ports(
                15001,
                15006,
                15008,
                15008,
                env.port("ADMIN_PORT", 15000),
                env.port("STATS_PORT", 15020),
                env.port("READINESS_PORT", 15021));
    }

    private static Sockets sockets(Settings env, Mode mode) {
        int mark = env.number("PACKET_MARK", mode instanceof Mode.Shared ? 1337 : 0, 0, Integer.MAX_VALUE);
        var keepalive = new Keepalive(
                env.duration("KEEPALIVE_TIME", Duration.ofSeconds(180)),
                env.duration("KEEPALIVE_INTERVAL", Duration.ofSeconds(180)),
                env.number("KEEPALIVE_RETRIES", 9, 1, 127),
                env.flag("USER_TIMEOUT_ENABLED", false));
        var originalSource = env.optionalText("ENABLE_ORIG_SRC");
        return new Sockets(
                mark == 0 ? null : mark,
                originalSource == null
                        ? OriginalSource.WHERE_POSSIBLE
                        : env.flag("ENABLE_ORIG_SRC", true) ? OriginalSource.REQUIRED : OriginalSource.NEVER,
                env.flag("IPV6_ENABLED", true),
                env.flag("KEEPALIVE_ENABLED", true) ? keepalive : null,
                env.duration("DIAL_TIMEOUT", Duration.ofSeconds(10)),
                env.duration("TLS_HANDSHAKE_TIMEOUT", Duration.ofSeconds(10)),
                env.duration("CONNECT_TIMEOUT", Duration.ofSeconds(15)));
    }

    private static Tunnels tunnels(Settings env) {
        return new Tunnels(
                env.number("POOL_MAX_STREAMS_PER_CONNECTION", 100, 1, 65535),
                env.duration("POOL_UNUSED_RELEASE_TIMEOUT", Duration.ofMinutes(5)),
                env.number("HTTP2_STREAM_WINDOW_SIZE", 4 << 20, 1 << 16, Integer.MAX_VALUE),
                env.number("HTTP2_CONNECTION_WINDOW_SIZE", 16 << 20, 1 << 16, Integer.MAX_VALUE),
                env.number("HTTP2_FRAME_SIZE", 1 << 20, 1 << 14, (1 << 24) - 1),
                (long) env.number("TUNNEL_MEMORY_MIB", 32, 1, 65536) << 20,
                env.flag("ENABLE_RESPONSE_BAGGAGE", true),
                env.flag("LOCALHOST_APP_TUNNEL", true));
    }

    private static Process process(Settings env, int cores) {
        return new Process(
                WorkerThreads.read(env, cores),
                drainDeadline(env),
                env.text("RUST_LOG", "info"),
                env.text("LOG_FORMAT", "plain").equals("json"));
    }

    /** Some time before Kubernetes kills what has not ended. */
    private static Duration drainDeadline(Settings env) {
        int grace = env.number("TERMINATION_GRACE_PERIOD_SECONDS", 0, 0, 1_000_000);
        int seconds = grace == 0 ? 5 : Math.max(1, grace > 10 ? grace - 5 : grace - 1);
        return env.duration("CONNECTION_TERMINATION_DEADLINE", Duration.ofSeconds(seconds));
    }

    private void check(Settings env) {
        if (controlPlane.caAddress == null && controlPlane.certificateDirectory == null) {
            env.reject("CA_ADDRESS is empty: without an authority, CERT_DIR must name a directory with"
                    + " cert-chain.pem, key.pem and root-cert.pem");
        }
        if (controlPlane.certificateDirectory != null && mode instanceof Mode.Shared) {
            env.reject("CERT_DIR holds one identity: it needs PROXY_MODE=dedicated");
        }
        if (controlPlane.xdsAddress == null && controlPlane.localMesh == null) {
            env.reject("XDS_ADDRESS is empty: without a control plane, LOCAL_XDS_PATH must name a file");
        }
    }

    private static Map<String, String> withoutSecrets(Map<String, String> effective) {
        var shown = new TreeMap<>(effective);
        shown.computeIfPresent(
                "AUTH_TOKEN", (_, token) -> token.isEmpty() || Files.exists(Path.of(token)) ? token : "(hidden)");
        return Collections.unmodifiableMap(shown);
    }
}
