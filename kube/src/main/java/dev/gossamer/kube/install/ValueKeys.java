package dev.gossamer.kube.install;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which values there are. Their names are those that operators of Istio know. */
final class ValueKeys {
    /** Every settable key with its default; a default may refer to others. */
    static final Map<String, String> DEFAULTS = defaults();

    /** Keys that take any name below them, such as {@code pilot.env.NAME}. */
    static final Set<String> OPEN = Set.of(
            "pilot.env",
            "cni.env",
            "ztunnel.env",
            "pilot.podAnnotations",
            "cni.podAnnotations",
            "ztunnel.podAnnotations",
            "pilot.podLabels",
            "cni.podLabels",
            "ztunnel.podLabels");

    /** The fields of MeshConfig; what is below them is the control plane's to judge. */
    static final Set<String> MESH_CONFIG = Set.of(
            "accessLogEncoding",
            "accessLogFile",
            "accessLogFormat",
            "caCertificates",
            "certificates",
            "configSources",
            "connectTimeout",
            "defaultConfig",
            "defaultDestinationRuleExportTo",
            "defaultHttpRetryPolicy",
            "defaultProviders",
            "defaultServiceExportTo",
            "defaultVirtualServiceExportTo",
            "discoverySelectors",
            "dnsRefreshRate",
            "enableAutoMtls",
            "enableEnvoyAccessLogService",
            "enablePrometheusMerge",
            "enableTracing",
            "extensionProviders",
            "h2UpgradePolicy",
            "hboneIdleTimeout",
            "inboundClusterStatName",
            "inboundTrafficPolicy",
            "ingressClass",
            "ingressControllerMode",
            "ingressSelector",
            "ingressService",
            "localityLbSetting",
            "meshMTLS",
            "outboundClusterStatName",
            "outboundTrafficPolicy",
            "pathNormalization",
            "protocolDetectionTimeout",
            "proxyHttpPort",
            "proxyInboundListenPort",
            "proxyListenPort",
            "rootNamespace",
            "serviceScopeConfigs",
            "serviceSettings",
            "tcpKeepalive",
            "tlsDefaults",
            "trustDomain",
            "trustDomainAliases",
            "verifyCertificateAtClient");

    private static final int MOST_SUGGESTIONS = 3;
    private static final int MISTYPED_LETTERS = 2;

    private ValueKeys() {}

    private static Map<String, String> defaults() {
        var keys = new LinkedHashMap<String, String>();
        keys.put("profile", "ambient");
        keys.put("hub", "gossamer");
        keys.put("tag", "");
        keys.put("global.istioNamespace", "istio-system");
        keys.put("global.imagePullPolicy", "IfNotPresent");
        keys.put("global.logAsJson", "false");
        keys.put("global.network", "");
        keys.put("global.multiCluster.clusterName", "Kubernetes");
        keys.put("global.proxy.clusterDomain", "cluster.local");
        keys.put("pilot.image", "${hub}/control-plane${tagSuffix}");
        keys.put("pilot.replicaCount", "1");
        keys.put("pilot.trustedZtunnelNamespace", "${namespace}");
        keys.put("pilot.trustedZtunnelName", "ztunnel");
        keys.put("pilot.resources.requests.cpu", "500m");
        keys.put("pilot.resources.requests.memory", "512Mi");
        keys.put("cni.image", "${hub}/node-agent${tagSuffix}");
        keys.put("cni.logLevel", "info");
        keys.put("cni.excludeNamespaces", "kube-system");
        // Off until the node proxy answers DNS: captured queries would go nowhere.
        keys.put("cni.ambient.dnsCapture", "false");
        keys.put("cni.ambient.ipv6", "true");
        keys.put("cni.ambient.reconcileIptablesOnStartup", "true");
        keys.put("cni.resources.requests.cpu", "100m");
        keys.put("cni.resources.requests.memory", "100Mi");
        keys.put("ztunnel.image", "${hub}/ztunnel${tagSuffix}");
        keys.put("ztunnel.logLevel", "info");
        keys.put("ztunnel.caAddress", "https://istiod.${namespace}.svc:15012");
        keys.put("ztunnel.xdsAddress", "https://istiod.${namespace}.svc:15012");
        keys.put("ztunnel.terminationGracePeriodSeconds", "30");
        keys.put("ztunnel.resources.requests.cpu", "200m");
        keys.put("ztunnel.resources.requests.memory", "128Mi");
        return Map.copyOf(keys);
    }

    /** The keys that look most like {@code key}, best first; none if none does. */
    static List<String> closeTo(String key) {
        int tolerance = Math.max(2, key.length() / 4);
        var known = Stream.of(
                        DEFAULTS.keySet().stream(),
                        OPEN.stream().map(open -> open + ".NAME"),
                        MESH_CONFIG.stream().map(field -> "meshConfig." + field))
                .flatMap(keys -> keys);
        return known.filter(candidate -> distance(key, candidate) <= tolerance
                        || candidate.endsWith("." + key)
                        || lastPart(candidate).equalsIgnoreCase(lastPart(key))
                        // Below an open key every name is right, so only what is above can be wrong.
                        || candidate.endsWith(".NAME") && distance(parent(key), parent(candidate)) <= MISTYPED_LETTERS)
                .sorted(Comparator.<String>comparingInt(candidate -> distance(key, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_SUGGESTIONS)
                .toList();
    }

    private static String parent(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** Letters to insert, remove or replace until one text is the other, whatever their case. */
    static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean same = Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
                int best = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = best;
            }
        }
        return row[other.length()];
    }
}
