package dev.gossamer.node.redirect;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sets, checks and removes the redirection of one pod at a time. Thread-safe. */
public final class PodRules {
    /** Local ports of the node proxy in a pod: captured outbound, captured inbound, tunnels. */
    private static final List<Integer> PROXY_PORTS = List.of(15001, 15006, 15008);

    private final boolean ipv6;
    /** What nft made of a rule set when it was set last: how a namespace lists it if nobody has changed it. */
    private final Map<String, String> listings = new ConcurrentHashMap<>();

    public PodRules(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    /** From now on connections that begin go through the node proxy. Doing it twice is no harm. */
    public void redirect(Netns pod, RuleOptions options) throws CommandFailedException, InterruptedException {
        PolicyRoute.add(pod, hasIpv6(pod));
        apply(pod, RuleSet.redirecting(options));
    }

    /** From now on connections that begin go their own way; those that were redirected go on. */
    public void drain(Netns pod) throws CommandFailedException, InterruptedException {
        apply(pod, RuleSet.draining());
    }

    /** Leaves nothing behind. Connections that are still redirected break. */
    public void remove(Netns pod) throws CommandFailedException, InterruptedException {
        SystemCommand.require(pod, List.of("nft", "-f", "-"), RuleSet.dropAll());
        PolicyRoute.remove(pod, hasIpv6(pod));
    }

    private void apply(Netns pod, String rules) throws CommandFailedException, InterruptedException {
        SystemCommand.require(pod, List.of("nft", "-f", "-"), rules);
        listings.put(rules, list(pod));
    }

    /** Whether the redirection is there, whole and unchanged. Only for rules that this object has set somewhere. */
    public boolean isRedirected(Netns pod, RuleOptions options) throws CommandFailedException, InterruptedException {
        var expected = listings.get(RuleSet.redirecting(options));
        return expected != null && expected.equals(list(pod)) && PolicyRoute.hasRule(pod, "-4");
    }

    /** Whether there are rules of this kind at all, whoever set them. */
    public boolean hasRules(Netns pod) throws CommandFailedException, InterruptedException {
        return RuleSet.isPartOf(list(pod)) || PolicyRoute.hasRule(pod, "-4");
    }

    private static String list(Netns pod) throws CommandFailedException, InterruptedException {
        var all = SystemCommand.require(pod, List.of("nft", "-n", "-s", "list", "ruleset"), "");
        return all.lines()
                .dropWhile(line -> !line.startsWith("table inet istio-ambient-"))
                .reduce("", (text, line) -> text + line + "\n");
    }

    /** Whether the node proxy still serves connections in this pod. */
    public boolean hasConnections(Netns pod) throws IOException, InterruptedException {
        try {
            return pod.call(() -> hasConnections(Path.of("/proc/thread-self/net/tcp"))
                    || hasConnections(Path.of("/proc/thread-self/net/tcp6")));
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static boolean hasConnections(Path table) throws IOException {
        if (!Files.exists(table)) {
            return false;
        }
        try (var lines = Files.lines(table)) {
            return lines.skip(1).anyMatch(SocketTable::isProxyConnection);
        }
    }

    /** Lines of {@code /proc/net/tcp}. */
    private static final class SocketTable {
        private static final int TIME_WAIT = 6;
        private static final int CLOSED = 7;
        private static final int LISTEN = 10;

        /** {@code line}: number, local address, remote address, state, each in hexadecimal. */
        static boolean isProxyConnection(String line) {
            var fields = line.strip().split("\\s+");
            var local = fields[1];
            int port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16);
            int state = Integer.parseInt(fields[3], 16);
            return PROXY_PORTS.contains(port) && state != LISTEN && state != TIME_WAIT && state != CLOSED;
        }
    }

    private boolean hasIpv6(Netns pod) throws InterruptedException, CommandFailedException {
        if (!ipv6) {
            return false;
        }
        try {
            // One line an address: without ::1 the loopback device takes no IPv6 route.
            return pod.call(() -> {
                var addresses = Path.of("/proc/thread-self/net/if_inet6");
                return Files.exists(addresses) && Files.readString(addresses).contains(" lo");
            });
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new CommandFailedException("cannot tell whether " + pod + " has IPv6: " + e.getMessage(), e);
        }
    }
}
