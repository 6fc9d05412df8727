package dev.gossamer.node.redirect;

/**
 * The rules as text for {@code nft}. Each text is one transaction, right whatever was there before.
 *
 * <p>Marks: 0x539 is on every packet that the node proxy sends, 0x111 on connections that it makes to the application in
 * a client's name; the latter is kept in the connection's mark, so that the application's answers, which carry the
 * client's address, find their way back to the proxy instead of out of the pod (see {@link PolicyRoute}). Immutable.
 */
final class RuleSet {
    /** Tables' names are those of Istio's agent: one of both looks after a pod, never two. */
    private static final String MANGLE = "istio-ambient-mangle";

    private static final String NAT = "istio-ambient-nat";
    private static final String RAW = "istio-ambient-raw";

    /** The address that the node's own connections to pods get, so that probes are told from clients. */
    static final String PROBE_IPV4 = "169.254.7.127";

    static final String PROBE_IPV6 = "fd16:9254:7127:1337:ffff:ffff:ffff:ffff";

    /**
     * Only a connection's first packet. Connection tracking takes a connection that was there before it for new at its
     * next packet; redirecting that would break it.
     */
    private static final String BEGINS = "tcp flags & (fin | syn | rst | ack) == syn";

    private RuleSet() {}

    /** Redirects connections that begin from now on. */
    static String redirecting(RuleOptions options) {
        return dropAll() + mangle() + (options.dns() ? raw() : "")
                + "table inet " + NAT + " {\n"
                + "  chain prerouting {\n    type nat hook prerouting priority -100; policy accept;\n"
                + (options.inbound() ? inbound() : "")
                + "  }\n"
                + "  chain output {\n    type nat hook output priority -100; policy accept;\n"
                + outbound(options.dns())
                + "  }\n}\n";
    }

    /**
     * Redirects nothing new, but keeps alive what was redirected: the kernel undoes address translation only while some
     * rule could ask for it, so there is one that never matches (no packet goes to port 0).
     */
    static String draining() {
        var never = "    tcp dport 0 redirect to :15001\n";
        return dropAll() + mangle()
                + "table inet " + NAT + " {\n"
                + "  chain prerouting {\n    type nat hook prerouting priority -100; policy accept;\n" + never + "  }\n"
                + "  chain output {\n    type nat hook output priority -100; policy accept;\n" + never + "  }\n}\n";
    }

    /** No rules. Deleting what is not there is an error, so each table is added first. */
    static String dropAll() {
        var text = new StringBuilder();
        for (var table : new String[] {MANGLE, NAT, RAW}) {
            text.append("add table inet ")
                    .append(table)
                    .append("\ndelete table inet ")
                    .append(table)
                    .append('\n');
        }
        return text.toString();
    }

    /** Whether any of the rules above is part of {@code ruleset}, as nft lists it. */
    static boolean isPartOf(String ruleset) {
        return ruleset.contains("table inet " + MANGLE) || ruleset.contains("table inet " + NAT);
    }

    private static String mangle() {
        return """
                table inet %s {
                  chain prerouting {
                    type filter hook prerouting priority -150; policy accept;
                    meta mark & 0xfff == 0x539 ct mark set ct mark & 0xfffff000 | 0x111
                  }
                  chain output {
                    type route hook output priority -150; policy accept;
                    ct mark & 0xfff == 0x111 meta mark set ct mark
                  }
                }
                """.formatted(MANGLE);
    }

    /** The proxy's own queries must not be taken for the application's, whose answers come from the same address. */
    private static String raw() {
        return """
                table inet %s {
                  chain prerouting {
                    type filter hook prerouting priority -300; policy accept;
                    udp sport 53 meta mark & 0xfff != 0x539 ct zone set 1
                  }
                  chain output {
                    type filter hook output priority -300; policy accept;
                    udp dport 53 meta mark & 0xfff == 0x539 ct zone set 1
                  }
                }
                """.formatted(RAW);
    }

    private static String inbound() {
        return """
                    ip saddr %1$s meta l4proto tcp accept
                    ip6 saddr %2$s meta l4proto tcp accept
                    ip daddr != 127.0.0.1 tcp dport != 15008 meta mark & 0xfff != 0x539 %3$s redirect to :15006
                    ip6 daddr != ::1 tcp dport != 15008 meta mark & 0xfff != 0x539 %3$s redirect to :15006
                """.formatted(PROBE_IPV4, PROBE_IPV6, BEGINS);
    }

    /** A pod that talks to itself is left alone: it would be its own client and server. */
    private static String outbound(boolean dns) {
        var queries = """
                    oifname != "lo" udp dport 53 meta mark & 0xfff != 0x539 redirect to :15053
                    ip daddr != 127.0.0.1 tcp dport 53 meta mark & 0xfff != 0x539 %1$s redirect to :15053
                    ip6 daddr != ::1 tcp dport 53 meta mark & 0xfff != 0x539 %1$s redirect to :15053
                """.formatted(BEGINS);
        return """
                    ip daddr %1$s meta l4proto tcp accept
                    ip6 daddr %2$s meta l4proto tcp accept
                %4$s    meta l4proto tcp meta mark & 0xfff == 0x111 accept
                    oifname "lo" ip daddr != 127.0.0.1 accept
                    oifname "lo" ip6 daddr != ::1 accept
                    ip daddr != 127.0.0.1 meta mark & 0xfff != 0x539 %3$s redirect to :15001
                    ip6 daddr != ::1 meta mark & 0xfff != 0x539 %3$s redirect to :15001
                """.formatted(PROBE_IPV4, PROBE_IPV6, BEGINS, dns ? queries : "");
    }
}
