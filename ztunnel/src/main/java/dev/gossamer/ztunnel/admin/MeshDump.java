package dev.gossamer.ztunnel.admin;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.ztunnel.state.MeshView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The mesh as maps and lists, under the keys that istioctl reads; what is at its default is mostly left out.
 *
 * <p>Stateless.
 */
final class MeshDump {
    private MeshDump() {}

    static List<Object> workloads(MeshView view) {
        var all = new ArrayList<Workload>(view.workloadCount());
        view.forEachWorkload(all::add);
        all.sort(Comparator.comparing(Workload::uid));
        return new ArrayList<>(all.stream().map(MeshDump::workload).toList());
    }

    static List<Object> services(MeshView view) {
        var all = new ArrayList<Service>();
        view.forEachService(all::add);
        all.sort(Comparator.comparing(Service::name));
        return new ArrayList<>(all.stream().map(s -> service(view, s)).toList());
    }

    static List<Object> policies(MeshView view) {
        var all = new ArrayList<AuthorizationPolicy>();
        view.forEachPolicy(all::add);
        all.sort(Comparator.comparing(AuthorizationPolicy::key));
        return new ArrayList<>(all.stream().map(MeshDump::policy).toList());
    }

    private static Map<String, Object> workload(Workload w) {
        var out = new LinkedHashMap<String, Object>();
        out.put(
                "workloadIps",
                w.location().addresses().stream().map(a -> a.getHostAddress()).toList());
        put(out, "waypoint", gateway(w.tunnel().waypoint()));
        put(out, "networkGateway", gateway(w.tunnel().networkGateway()));
        out.put("protocol", w.tunnel().protocol().name());
        out.put("networkMode", camel(w.location().networkMode().name()));
        put(out, "uid", w.uid());
        out.put("name", w.name());
        out.put("namespace", w.namespace());
        put(out, "trustDomain", w.owner().trustDomain());
        put(out, "serviceAccount", w.owner().serviceAccount());
        put(out, "network", w.location().network());
        put(out, "workloadName", w.description().workloadName());
        put(out, "workloadType", w.description().type().name().toLowerCase(Locale.ROOT));
        put(out, "canonicalName", w.description().canonicalName());
        put(out, "canonicalRevision", w.description().canonicalRevision());
        put(out, "hostname", w.location().hostname());
        put(out, "node", w.location().node());
        putTunnel(out, w);
        out.put("status", camel(w.status().name()));
        out.put("clusterId", w.owner().cluster());
        putLocality(out, w);
        if (!w.services().isEmpty()) {
            out.put(
                    "services",
                    w.services().keySet().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList());
        }
        out.put("capacity", w.capacity());
        return out;
    }

    private static void putTunnel(Map<String, Object> out, Workload w) {
        if (w.tunnel().nativeTunnel()) {
            out.put("nativeTunnel", true);
        }
        var application = w.tunnel().application();
        if (application != null) {
            var tunnel = new LinkedHashMap<String, Object>();
            tunnel.put("protocol", application.protocol().name());
            tunnel.put("port", application.port() == 0 ? null : application.port());
            out.put("applicationTunnel", tunnel);
        }
        if (!w.policies().isEmpty()) {
            out.put("authorizationPolicies", w.policies());
        }
    }

    private static void putLocality(Map<String, Object> out, Workload w) {
        if (!w.location().locality().isUnknown()) {
            var locality = new LinkedHashMap<String, Object>();
            put(locality, "region", w.location().locality().region());
            put(locality, "zone", w.location().locality().zone());
            put(locality, "subzone", w.location().locality().subzone());
            out.put("locality", locality);
        }
    }

    private static Map<String, Object> service(MeshView view, Service s) {
        var out = new LinkedHashMap<String, Object>();
        out.put("name", s.displayName());
        out.put("namespace", s.name().namespace());
        out.put("hostname", s.name().hostname());
        out.put(
                "vips",
                s.addresses().stream()
                        .filter(a -> a.isSingle())
                        .map(a -> a.address().toString())
                        .toList());
        putRanges(out, s);
        out.put("ports", ports(s.ports()));
        out.put("endpoints", endpoints(view, s));
        if (!s.subjectAltNames().isEmpty()) {
            out.put("subjectAltNames", s.subjectAltNames());
        }
        put(out, "waypoint", gateway(s.waypoint()));
        putRouting(out, s);
        out.put("canonical", s.canonical());
        out.put("visibility", camel(s.visibility().name()));
        return out;
    }

    private static void putRanges(Map<String, Object> out, Service s) {
        var ranges = s.addresses().stream().filter(a -> !a.isSingle()).toList();
        if (!ranges.isEmpty()) {
            out.put(
                    "cidrVips",
                    ranges.stream()
                            .map(a -> Map.of(
                                    "network",
                                    a.address().network(),
                                    "cidr",
                                    a.address().address().getHostAddress() + "/" + a.prefixLength()))
                            .toList());
        }
    }

    private static Map<String, Object> endpoints(MeshView view, Service s) {
        var endpoints = new TreeMap<String, Object>();
        for (var endpoint : view.endpoints(s.name())) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("workloadUid", endpoint.uid());
            entry.put("port", ports(endpoint.services().getOrDefault(s.name(), List.of())));
            entry.put("status", camel(endpoint.status().name()));
            endpoints.put(endpoint.uid(), entry);
        }
        return endpoints;
    }

    private static void putRouting(Map<String, Object> out, Service s) {
        if (!s.weightedWaypoints().isEmpty()) {
            out.put(
                    "weightedWaypoints",
                    s.weightedWaypoints().stream()
                            .map(w -> {
                                var entry = gateway(w.destination());
                                return Map.of("destination", entry == null ? Map.of() : entry, "weight", w.weight());
                            })
                            .toList());
        }
        if (!s.loadBalancing().equals(LoadBalancing.DEFAULT)) {
            var balancing = new LinkedHashMap<String, Object>();
            balancing.put(
                    "routingPreferences",
                    s.loadBalancing().routingPreference().stream()
                            .map(scope -> camel(scope.name()))
                            .toList());
            balancing.put("mode", camel(s.loadBalancing().mode().name()));
            balancing.put("healthPolicy", camel(s.loadBalancing().healthPolicy().name()));
            out.put("loadBalancer", balancing);
        }
        switch (s.ipFamilies()) {
            case AUTOMATIC -> {
                // The default.
            }
            case DUAL -> out.put("ipFamilies", "Dual");
            case IPV4_ONLY -> out.put("ipFamilies", "IPv4");
            case IPV6_ONLY -> out.put("ipFamilies", "IPv6");
        }
    }

    private static Map<String, Object> policy(AuthorizationPolicy p) {
        var out = new LinkedHashMap<String, Object>();
        out.put("name", p.name());
        out.put("namespace", p.namespace());
        out.put("scope", camel(p.scope().name()));
        out.put("action", camel(p.action().name()));
        out.put(
                "rules",
                p.rules().stream()
                        .map(rule -> rule.clauses().stream()
                                .map(clause -> clause.matches().stream()
                                        .map(MeshDump::match)
                                        .toList())
                                .toList())
                        .toList());
        out.put("dryRun", p.dryRun());
        return out;
    }

    private static Map<String, Object> match(Match match) {
        var out = new LinkedHashMap<String, Object>();
        terms(out, "namespaces", "notNamespaces", match.namespaces(), MeshDump::pattern);
        terms(out, "principals", "notPrincipals", match.principals(), MeshDump::pattern);
        terms(
                out,
                "serviceAccounts",
                "notServiceAccounts",
                match.serviceAccounts(),
                a -> Map.of("namespace", a.namespace(), "serviceAccount", a.name()));
        terms(out, "sourceIps", "notSourceIps", match.sourceIps(), AddressRange::toString);
        terms(out, "destinationIps", "notDestinationIps", match.destinationIps(), AddressRange::toString);
        terms(out, "destinationPorts", "notDestinationPorts", match.destinationPorts(), port -> port);
        return out;
    }

    private static <T> void terms(
            Map<String, Object> out, String any, String none, Terms<T> terms, Function<T, Object> render) {
        if (!terms.any().isEmpty()) {
            out.put(any, terms.any().stream().map(render).toList());
        }
        if (!terms.none().isEmpty()) {
            out.put(none, terms.none().stream().map(render).toList());
        }
    }

    private static Map<String, Object> pattern(TextPattern pattern) {
        return switch (pattern) {
            case TextPattern.Exact(var text) -> Map.of("Exact", text);
            case TextPattern.Prefix(var text) -> Map.of("Prefix", text);
            case TextPattern.Suffix(var text) -> Map.of("Suffix", text);
            case TextPattern.Presence() -> Map.of("Presence", List.of());
        };
    }

    private static Map<String, Object> ports(List<ServicePort> ports) {
        var out = new LinkedHashMap<String, Object>();
        ports.forEach(p -> out.put(Integer.toString(p.port()), p.targetPort()));
        return out;
    }

    private static @Nullable Map<String, Object> gateway(@Nullable GatewayAddress gateway) {
        if (gateway == null) {
            return null;
        }
        var out = new LinkedHashMap<String, Object>();
        out.put("destination", gateway.destination().toString());
        out.put("hboneMtlsPort", gateway.hbonePort());
        return out;
    }

    private static void put(Map<String, Object> out, String key, @Nullable Object value) {
        if (value != null && !value.equals("")) {
            out.put(key, value);
        }
    }

    /** {@code HOST_NETWORK} as {@code HostNetwork}. */
    private static String camel(String name) {
        var out = new StringBuilder(name.length());
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                start = true;
            } else {
                out.append(start ? c : Character.toLowerCase(c));
                start = false;
            }
        }
        return out.toString();
    }
}
