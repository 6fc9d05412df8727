package dev.gossamer.lab.network;

import dev.gossamer.lab.network.ServiceBackend.Endpoint;
import dev.gossamer.lab.topology.AddressPlan;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The nftables script that makes ClusterIPs work in a namespace.
 *
 * <p>One transaction replaces all rules but keeps the base chains, so no packet meets a namespace without them. A flow
 * is decided on at its first packet and then stands in the connection table: changes do not touch it. Immutable.
 */
final class ServiceRules {
    private static final String TABLE = "gossamer_services";

    private ServiceRules() {}

    /**
     * {@code gateway}: source address for connections that a pod makes to itself by way of a service; answers would
     * otherwise not pass the node. {@code stale}: chains of services that are no more.
     */
    static String script(List<ServiceBackend> backends, String gateway, Collection<String> stale) {
        var reachable =
                backends.stream().filter(each -> !each.endpoints().isEmpty()).toList();
        var unreachable =
                backends.stream().filter(each -> each.endpoints().isEmpty()).toList();
        var out = new StringBuilder(base());
        out.append("table ip ").append(TABLE).append(" {\n");
        for (var backend : reachable) {
            chain(out, chainName(backend), "# " + backend.name(), rule(backend));
        }
        chain(out, "no_endpoints", "meta l4proto tcp reject with tcp reset", "reject with icmp port-unreachable");
        chain(out, "services", "ip daddr . meta l4proto . th dport vmap @routes");
        chain(out, "incoming", "ip daddr " + AddressPlan.SERVICE_CIDR + " goto services");
        chain(out, "local", "ip daddr " + AddressPlan.SERVICE_CIDR + " goto services");
        chain(out, "leaving", "ip saddr . ip daddr @to_itself snat to " + gateway);
        chain(out, "incoming_refused", "ip daddr . meta l4proto . th dport vmap @refused");
        chain(out, "local_refused", "ip daddr . meta l4proto . th dport vmap @refused");
        out.append("}\n");
        elements(
                out,
                "routes",
                reachable.stream()
                        .map(each -> key(each) + " : goto " + chainName(each))
                        .toList());
        elements(
                out,
                "refused",
                unreachable.stream()
                        .map(each -> key(each) + " : goto no_endpoints")
                        .toList());
        elements(out, "to_itself", selfPairs(reachable));
        stale.forEach(name ->
                out.append("delete chain ip " + TABLE + " ").append(name).append('\n'));
        return out.toString();
    }

    static Set<String> chainNames(List<ServiceBackend> backends) {
        return backends.stream()
                .filter(each -> !each.endpoints().isEmpty())
                .map(ServiceRules::chainName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String base() {
        return """
                table ip %1$s {
                \tmap routes { type ipv4_addr . inet_proto . inet_service : verdict; }
                \tmap refused { type ipv4_addr . inet_proto . inet_service : verdict; }
                \tset to_itself { type ipv4_addr . ipv4_addr; }
                \tchain no_endpoints { }
                \tchain services { }
                \tchain incoming { type nat hook prerouting priority -100; }
                \tchain local { type nat hook output priority -100; }
                \tchain leaving { type nat hook postrouting priority 100; }
                \tchain incoming_refused { type filter hook prerouting priority -90; }
                \tchain local_refused { type filter hook output priority -90; }
                }
                flush table ip %1$s
                flush map ip %1$s routes
                flush map ip %1$s refused
                flush set ip %1$s to_itself
                """.formatted(TABLE);
    }

    private static void chain(StringBuilder out, String name, String... lines) {
        out.append("\tchain ").append(name).append(" {\n");
        for (var line : lines) {
            out.append("\t\t").append(line).append('\n');
        }
        out.append("\t}\n");
    }

    private static String rule(ServiceBackend backend) {
        var endpoints = backend.endpoints();
        if (endpoints.size() == 1) {
            var only = endpoints.getFirst();
            return "meta l4proto " + backend.protocol() + " dnat to " + only.address() + ":" + only.port();
        }
        var choices = new StringBuilder();
        for (int i = 0; i < endpoints.size(); i++) {
            choices.append(i == 0 ? "" : ", ")
                    .append(i)
                    .append(" : ")
                    .append(endpoints.get(i).address())
                    .append(" . ")
                    .append(endpoints.get(i).port());
        }
        var choice = backend.affinity() ? "jhash ip saddr mod " : "numgen random mod ";
        return "meta l4proto " + backend.protocol() + " dnat ip to " + choice + endpoints.size() + " map { " + choices
                + " }";
    }

    private static String key(ServiceBackend backend) {
        return backend.clusterIp() + " . " + backend.protocol() + " . " + backend.port();
    }

    /** Made of the address, as names may be longer than nftables allows. */
    private static String chainName(ServiceBackend backend) {
        return "to_" + backend.clusterIp().replace('.', '_') + "_" + backend.protocol() + "_" + backend.port();
    }

    private static List<String> selfPairs(List<ServiceBackend> backends) {
        return backends.stream()
                .flatMap(each -> each.endpoints().stream())
                .map(Endpoint::address)
                .distinct()
                .sorted()
                .map(address -> address + " . " + address)
                .toList();
    }

    private static void elements(StringBuilder out, String set, List<String> elements) {
        if (!elements.isEmpty()) {
            out.append("add element ip " + TABLE + " ")
                    .append(set)
                    .append(" { ")
                    .append(String.join(", ", elements))
                    .append(" }\n");
        }
    }
}
