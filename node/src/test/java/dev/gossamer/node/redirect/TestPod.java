package dev.gossamer.node.redirect;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace joined by a veth to a second one, as a pod to its node. The pod has 10.99.0.1, the node 10.99.0.2.
 */
public final class TestPod implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String podName;
    private final String nodeName;
    public final Netns pod;
    public final Netns node;

    public TestPod() throws Exception {
        var id = ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
        podName = "gp-" + id;
        nodeName = "gn-" + id;
        host("ip", "netns", "add", podName);
        host("ip", "netns", "add", nodeName);
        host("ip", "-n", podName, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", nodeName);
        for (var name : List.of(podName, nodeName)) {
            host("ip", "-n", name, "link", "set", "lo", "up");
            host("ip", "-n", name, "link", "set", "eth0", "up");
        }
        host("ip", "-n", podName, "addr", "add", "10.99.0.1/24", "dev", "eth0");
        host("ip", "-n", nodeName, "addr", "add", "10.99.0.2/24", "dev", "eth0");
        host("ip", "-n", podName, "route", "add", "default", "via", "10.99.0.2");
        pod = Netns.open(Path.of("/run/netns", podName));
        node = Netns.open(Path.of("/run/netns", nodeName));
    }

    private static void host(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = process.inputReader().readAllAsString();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    /** A server in {@code netns} that answers each byte with {@code name}. */
    public static ServerSocket server(Netns netns, int port, String name) throws Exception {
        var server = netns.call(() -> {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return socket;
        });
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket, name));
                }
            } catch (IOException _) {
                // closed
            }
        });
        return server;
    }

    private static void answer(Socket socket, String name) {
        try (socket) {
            while (socket.getInputStream().read() >= 0) {
                socket.getOutputStream().write((name + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // the client went
        }
    }

    public static Socket connect(Netns netns, String address, int port) throws Exception {
        return netns.call(() -> {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(address, port), 3000);
            socket.setSoTimeout(3000);
            return socket;
        });
    }

    /** Who answers at the other end. */
    public static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write('?');
        var answer = new StringBuilder();
        for (int c; (c = socket.getInputStream().read()) != '\n'; ) {
            if (c < 0) {
                throw new IOException("closed");
            }
            answer.append((char) c);
        }
        return answer.toString();
    }

    public String state() throws Exception {
        return SystemCommand.require(pod, List.of("nft", "-s", "list", "ruleset"), "")
                + SystemCommand.require(pod, List.of("ip", "-4", "rule", "show"), "")
                + SystemCommand.require(pod, List.of("ip", "-6", "rule", "show"), "")
                + SystemCommand.run(pod, List.of("ip", "-4", "route", "show", "table", "100"), "")
                        .output()
                + SystemCommand.run(pod, List.of("ip", "-6", "route", "show", "table", "100"), "")
                        .output()
                + SystemCommand.require(pod, List.of("ip", "-4", "route", "show"), "");
    }

    @Override
    public void close() throws Exception {
        pod.close();
        node.close();
        host("ip", "netns", "del", podName);
        host("ip", "netns", "del", nodeName);
    }
}
