package dev.gossamer.node.redirect;

import dev.gossamer.net.linux.Netns;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Gives the node's own connections to enrolled pods an address of their own, so that the kubelet's probes reach pods past
 * the node proxy, which would find no identity in them.
 *
 * <p>Confined to the task that reconciles.
 */
public final class ProbeRules {
    private static final String TABLE = "istio-ambient-probes";

    private final Netns node;
    private @Nullable String current;

    /** {@code node}: the namespace from which probes come. */
    public ProbeRules(Netns node) {
        this.node = node;
    }

    /** From now on just these addresses are enrolled pods'. */
    public void set(Collection<String> podAddresses) throws CommandFailedException, InterruptedException {
        var rules = rules(podAddresses);
        if (!rules.equals(current)) {
            SystemCommand.require(node, List.of("nft", "-f", "-"), rules);
            current = rules;
        }
    }

    private static String rules(Collection<String> podAddresses) {
        var ipv4 = new TreeSet<String>();
        var ipv6 = new TreeSet<String>();
        podAddresses.forEach(address -> (address.contains(":") ? ipv6 : ipv4).add(address));
        var drop = "add table inet " + TABLE + "\ndelete table inet " + TABLE + "\n";
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            return drop;
        }
        // Only packets of a socket of this namespace have a user: what is forwarded comes from pods and stays as it is.
        var local = "    meta l4proto tcp meta skuid 0-4294967294 ";
        return drop + "table inet " + TABLE + " {\n"
                + set("v4", "ipv4_addr", ipv4)
                + set("v6", "ipv6_addr", ipv6)
                + "  chain postrouting {\n    type nat hook postrouting priority 100; policy accept;\n"
                + local + "ip daddr @v4 snat ip to " + RuleSet.PROBE_IPV4 + "\n"
                + local + "ip6 daddr @v6 snat ip6 to " + RuleSet.PROBE_IPV6 + "\n"
                + "  }\n}\n";
    }

    private static String set(String name, String type, Collection<String> elements) {
        return "  set " + name + " {\n    type " + type + "\n"
                + (elements.isEmpty() ? "" : "    elements = { " + String.join(", ", elements) + " }\n")
                + "  }\n";
    }
}
