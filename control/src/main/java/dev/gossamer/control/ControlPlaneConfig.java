package dev.gossamer.control;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.translate.MeshOptions;
import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.LogLevels;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.pki.issue.AuthorityConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that an operator can set. Read once, at start; shown at {@code /debug/config_dump}. Immutable.
 *
 * @param startPatience how long the Kubernetes API may be away when we start
 * @param effective every key that was asked for, as it came out
 */
record ControlPlaneConfig(
        Place place,
        MeshOptions mesh,
        Listeners listeners,
        Certificates certificates,
        Duration startPatience,
        boolean writeStatus,
        Logs logs,
        Map<String, String> effective) {
    private static final Pattern ADDRESS = Pattern.compile("(.*):(\\d{1,5})");

    /** Who and where we are. */
    record Place(String podName, String namespace, String revision) {}

    /** {@code health}: readiness alone; absent: not served apart. */
    record Listeners(
            InetSocketAddress secure,
            InetSocketAddress monitoring,
            @Nullable InetSocketAddress health,
            Duration maxConnectionAge,
            Duration drain) {}

    /**
     * What the authority issues and to whom.
     *
     * @param trustedNodeAccounts service accounts that may ask for the identities of their node's pods
     * @param customHosts further names and addresses of the serving certificate
     */
    record Certificates(
            AuthorityConfig authority,
            Set<ObjectName> trustedNodeAccounts,
            List<String> tokenAudiences,
            List<String> customHosts) {}

    record Logs(String levels, boolean json) {}

    static ControlPlaneConfig read(Settings env) throws InvalidSettingsException {
        if (!env.flag("PILOT_ENABLE_AMBIENT", true)) {
            env.reject("PILOT_ENABLE_AMBIENT=false: there is no other mode; remove it or set it to true");
        }
        var place = new Place(
                env.text("POD_NAME", "istiod"),
                env.text("POD_NAMESPACE", "istio-system"),
                env.text("REVISION", "default"));
        var mesh = new MeshOptions(
                env.text("CLUSTER_ID", Workload.DEFAULT_CLUSTER),
                env.text("CLUSTER_DOMAIN", "cluster.local"),
                env.text("TRUST_DOMAIN", SpiffeId.DEFAULT_TRUST_DOMAIN),
                place.namespace(),
                "",
                new MeshOptions.Features(
                        env.flag("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", false),
                        env.flag("PILOT_ENABLE_SERVICEENTRY_SELECT_PODS", true),
                        env.flag("PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES", true)));
        var listeners = new Listeners(
                requiredAddress(env, "SECURE_GRPC_ADDR", ":15012"),
                requiredAddress(env, "MONITORING_ADDR", ":15014"),
                address(env, "HTTP_ADDR", ":8080"),
                env.duration("GRPC_MAX_CONNECTION_AGE", Duration.ofMinutes(30)),
                env.duration("TERMINATION_DRAIN_DURATION", Duration.ofSeconds(5)));
        var config = new ControlPlaneConfig(
                place,
                mesh,
                listeners,
                certificates(env),
                env.duration("KUBERNETES_START_TIMEOUT", Duration.ofSeconds(30)),
                env.flag("AMBIENT_ENABLE_STATUS", true),
                logs(env),
                env.effective());
        env.requireValid();
        return config;
    }

    private static Certificates certificates(Settings env) {
        var ttl = env.duration("DEFAULT_WORKLOAD_CERT_TTL", AuthorityConfig.DEFAULT.defaultValidity());
        var maxTtl = env.duration("MAX_WORKLOAD_CERT_TTL", AuthorityConfig.DEFAULT.maxValidity());
        AuthorityConfig authority;
        if (ttl.isPositive() && maxTtl.compareTo(ttl) >= 0) {
            authority = new AuthorityConfig(ttl, maxTtl);
        } else {
            env.reject("DEFAULT_WORKLOAD_CERT_TTL=" + ttl + ": must be more than nothing and at most"
                    + " MAX_WORKLOAD_CERT_TTL=" + maxTtl);
            authority = AuthorityConfig.DEFAULT;
        }
        return new Certificates(
                authority,
                nodeAccounts(env),
                list(env.text("TOKEN_AUDIENCES", "istio-ca")),
                list(env.text("ISTIOD_CUSTOM_HOST", "")));
    }

    private static Set<ObjectName> nodeAccounts(Settings env) {
        var key = "CA_TRUSTED_NODE_ACCOUNTS";
        var accounts = new LinkedHashSet<ObjectName>();
        for (var text : list(env.text(key, "istio-system/ztunnel"))) {
            int slash = text.indexOf('/');
            if (slash < 1 || slash == text.length() - 1 || slash != text.lastIndexOf('/')) {
                env.reject(key + "=" + text + ": must be namespace/name, several of them separated by commas");
            } else {
                accounts.add(new ObjectName(text.substring(0, slash), text.substring(slash + 1)));
            }
        }
        return accounts;
    }

    private static Logs logs(Settings env) {
        var levels = env.text("LOG_LEVEL", "info,io.fabric8=warn");
        try {
            LogLevels.parse(levels);
        } catch (IllegalArgumentException e) {
            env.reject("LOG_LEVEL=" + levels + ": " + e.getMessage());
        }
        var format = env.text("LOG_FORMAT", "plain");
        if (!format.equals("plain") && !format.equals("json")) {
            env.reject("LOG_FORMAT=" + format + ": must be plain or json");
        }
        return new Logs(levels, format.equals("json"));
    }

    private static InetSocketAddress requiredAddress(Settings env, String key, String defaultValue) {
        var address = address(env, key, defaultValue);
        if (address == null) {
            env.reject(key + ": cannot be switched off");
            return new InetSocketAddress(0);
        }
        return address;
    }

    /** {@code host:port} or {@code :port}; {@code off} for none. */
    private static @Nullable InetSocketAddress address(Settings env, String key, String defaultValue) {
        var text = env.text(key, defaultValue);
        if (text.equals("off")) {
            return null;
        }
        var parts = ADDRESS.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
            env.reject(key + "=" + text + ": must be address:port, :port or off");
            return null;
        }
        int port = Integer.parseInt(parts.group(2));
        var host = parts.group(1).replace("[", "").replace("]", "");
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        var ip = host.equals("localhost") ? InetAddress.getLoopbackAddress() : AddressText.parse(host);
        if (ip == null) {
            env.reject(key + "=" + text + ": '" + host + "' is not an IP address of this machine");
            return null;
        }
        return new InetSocketAddress(ip, port);
    }

    private static List<String> list(String text) {
        var items = new ArrayList<String>();
        for (var item : text.split(",")) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return List.copyOf(items);
    }

    /** Names under which proxies may reach us. */
    List<String> servingNames() {
        var names = new LinkedHashSet<String>();
        var namespace = place.namespace();
        for (var service : List.of("istiod", "istiod-remote", "istio-pilot")) {
            names.add(service + "." + namespace + ".svc");
        }
        names.add("istiod." + namespace + ".svc." + mesh.domain());
        if (!place.revision().equals("default")) {
            names.add("istiod-" + place.revision() + "." + namespace + ".svc");
        }
        certificates.customHosts().stream()
                .filter(host -> AddressText.parse(host) == null)
                .forEach(names::add);
        return List.copyOf(names);
    }

    List<InetAddress> servingAddresses() {
        var addresses = new ArrayList<InetAddress>();
        for (var host : certificates.customHosts()) {
            var ip = AddressText.parse(host);
            if (ip != null) {
                addresses.add(ip);
            }
        }
        return addresses;
    }
}
