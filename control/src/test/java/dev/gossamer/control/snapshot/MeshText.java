package dev.gossamer.control.snapshot;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.codec.MeshResource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes resources as case files expect them. */
final class MeshText {
    private MeshText() {}

    static Map<String, String> fields(MeshResource resource) {
        return switch (resource) {
            case MeshResource.OfWorkload(var workload) -> workload(workload);
            case MeshResource.OfService(var service) -> service(service);
        };
    }

    private static Map<String, String> workload(Workload w) {
        var fields = new TreeMap<String, String>();
        fields.put("name", w.name());
        fields.put("namespace", w.namespace());
        fields.put("account", w.owner().serviceAccount());
        fields.put("trustDomain", w.owner().trustDomain());
        fields.put("cluster", w.owner().cluster());
        fields.put("addresses", join(w.location().addresses(), InetAddress::getHostAddress));
        fields.put("hostname", w.location().hostname());
        fields.put("network", w.location().network());
        fields.put("networkMode", w.location().networkMode().name());
        fields.put("node", w.location().node());
        var locality = w.location().locality();
        fields.put("locality", locality.region() + "/" + locality.zone() + "/" + locality.subzone());
        fields.put("protocol", w.tunnel().protocol().name());
        fields.put("native", String.valueOf(w.tunnel().nativeTunnel()));
        fields.put("waypoint", gateway(w.tunnel().waypoint()));
        var application = w.tunnel().application();
        fields.put("application", application == null ? "" : application.protocol() + "/" + application.port());
        fields.put("workloadName", w.description().workloadName());
        fields.put("type", w.description().type().name());
        fields.put(
                "canonical",
                w.description().canonicalName() + ":" + w.description().canonicalRevision());
        fields.put("policies", String.join(" ", w.policies()));
        fields.put("status", w.status().name());
        fields.put("capacity", String.valueOf(w.capacity()));
        fields.put(
                "services",
                new TreeMap<>(w.services())
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "="
                                        + join(entry.getValue(), port -> port.port() + ">" + port.targetPort()))
                                .collect(Collectors.joining(" ")));
        return fields;
    }

    private static Map<String, String> service(Service s) {
        var fields = new TreeMap<String, String>();
        fields.put("name", s.displayName());
        fields.put("addresses", join(s.addresses(), Object::toString));
        fields.put("ports", join(s.ports(), MeshText::port));
        fields.put("sans", String.join(",", s.subjectAltNames()));
        fields.put("waypoint", gateway(s.waypoint()));
        fields.put("weighted", join(s.weightedWaypoints(), w -> gateway(w.destination()) + "*" + w.weight()));
        var balancing = s.loadBalancing();
        fields.put(
                "balancing",
                balancing.mode() + " " + join(balancing.routingPreference(), Enum::name) + " "
                        + balancing.healthPolicy());
        fields.put("families", s.ipFamilies().name());
        fields.put("canonical", String.valueOf(s.canonical()));
        fields.put("visibility", s.visibility().name());
        return fields;
    }

    private static String port(ServicePort port) {
        return port.port() + ">" + port.targetPort() + ":" + port.protocol();
    }

    private static String gateway(GatewayAddress address) {
        return address == null ? "" : address.destination() + ":" + address.hbonePort();
    }

    static String policy(AuthorizationPolicy policy) {
        var rules = policy.rules().stream().map(MeshText::rule).collect(Collectors.joining(" OR "));
        return policy.action() + " " + policy.scope() + (policy.dryRun() ? " DRY_RUN" : "")
                + (rules.isEmpty() ? " never" : " " + rules);
    }

    private static String rule(AuthorizationRule rule) {
        return rule.clauses().isEmpty()
                ? "always"
                : "{" + rule.clauses().stream().map(MeshText::clause).collect(Collectors.joining(" AND ")) + "}";
    }

    private static String clause(Clause clause) {
        return "(" + clause.matches().stream().map(MeshText::match).collect(Collectors.joining(" | ")) + ")";
    }

    private static String match(Match match) {
        var terms = new ArrayList<String>();
        add(terms, "namespace", match.namespaces(), MeshText::pattern);
        add(terms, "principal", match.principals(), MeshText::pattern);
        add(terms, "account", match.serviceAccounts(), (ServiceAccount a) -> a.namespace() + "/" + a.name());
        add(terms, "source", match.sourceIps(), AddressRange::toString);
        add(terms, "destination", match.destinationIps(), AddressRange::toString);
        add(terms, "port", match.destinationPorts(), String::valueOf);
        return terms.isEmpty() ? "nothing" : String.join(" ", terms);
    }

    private static <T> void add(List<String> texts, String name, Terms<T> terms, Function<T, String> text) {
        if (!terms.any().isEmpty()) {
            texts.add(name + "=" + join(terms.any(), text));
        }
        if (!terms.none().isEmpty()) {
            texts.add(name + "!=" + join(terms.none(), text));
        }
    }

    private static String pattern(TextPattern pattern) {
        return switch (pattern) {
            case TextPattern.Exact(var text) -> text;
            case TextPattern.Prefix(var text) -> text + "*";
            case TextPattern.Suffix(var text) -> "*" + text;
            case TextPattern.Presence() -> "*";
        };
    }

    private static <T> String join(List<T> items, Function<T, String> text) {
        return items.stream().map(text).collect(Collectors.joining(","));
    }
}
