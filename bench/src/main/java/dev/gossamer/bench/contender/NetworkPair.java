package dev.gossamer.bench.contender;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Two network namespaces joined by a veth, for one contender: the client's and the server's. Immutable.
 *
 * @param directory for what the contender's programs need and write
 */
public record NetworkPair(
        String client, String server, InetAddress clientAddress, InetAddress serverAddress, Path directory) {

    /** Makes the namespaces; {@code index} from 1 to 250 keeps the addresses of several pairs apart. */
    public static NetworkPair create(String name, int index, Path directory) throws IOException, InterruptedException {
        var pair = new NetworkPair(
                name + "-c",
                name + "-s",
                InetAddress.ofLiteral("10.77." + index + ".1"),
                InetAddress.ofLiteral("10.77." + index + ".2"),
                directory);
        Command.run(List.of("ip", "netns", "add", pair.client));
        Command.run(List.of("ip", "netns", "add", pair.server));
        Command.run(List.of(
                "ip",
                "-n",
                pair.client,
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                pair.server));
        pair.configure(pair.client, pair.clientAddress);
        pair.configure(pair.server, pair.serverAddress);
        return pair;
    }

    private void configure(String namespace, InetAddress address) throws IOException, InterruptedException {
        Command.run(List.of("ip", "-n", namespace, "link", "set", "lo", "up"));
        Command.run(List.of("ip", "-n", namespace, "addr", "add", address.getHostAddress() + "/24", "dev", "eth0"));
        Command.run(List.of("ip", "-n", namespace, "link", "set", "eth0", "up"));
        // Connections that come and go by the thousand must not run out of ports before a contender is at its limit.
        Command.run(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                "sh",
                "-c",
                "echo 10000 65000 > /proc/sys/net/ipv4/ip_local_port_range; echo 1 > /proc/sys/net/ipv4/tcp_tw_reuse"));
    }

    /** Sends the client's TCP to the server through a port of its own namespace; what bears {@code mark} is left alone. */
    void redirect(Map<Integer, Integer> ports, int mark) throws IOException, InterruptedException {
        var rules = new StringBuilder("table ip bench {\n chain output {\n  type nat hook output priority -100;\n");
        ports.forEach((port, to) -> rules.append("  ip daddr ")
                .append(serverAddress.getHostAddress())
                .append(" tcp dport ")
                .append(port)
                .append(" meta mark != ")
                .append(mark)
                .append(" redirect to :")
                .append(to)
                .append('\n'));
        Command.run(
                List.of("ip", "netns", "exec", client, "nft", "-f", "-"),
                rules.append(" }\n}\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Deletes what the programs have written. */
    public void deleteFiles() throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Starts a program in one of the two namespaces; its output goes to a file named for it. */
    public Process start(String namespace, String log, Map<String, String> environment, List<String> command)
            throws IOException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(command);
        var builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log + ".log").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }
}
