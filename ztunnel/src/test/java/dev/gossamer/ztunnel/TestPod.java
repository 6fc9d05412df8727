package dev.gossamer.ztunnel;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.loop.PlatformThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** A network namespace with a veth to the bridge of another one, and the rules that capture its traffic. */
final class TestPod implements AutoCloseable {
    private final String name;
    private final String address;

    TestPod(String bridgeNamespace, String name, String address) throws Exception {
        this.name = name;
        this.address = address;
        run("ip", "netns", "add", name);
        run("ip", "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", name, "netns", bridgeNamespace);
        run("ip", "-n", bridgeNamespace, "link", "set", name, "master", "br0", "up");
        run("ip", "-n", name, "addr", "add", address + "/24", "dev", "eth0");
        run("ip", "-n", name, "link", "set", "eth0", "up");
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    static void bridge(String namespace, String address) throws Exception {
        run("ip", "netns", "add", namespace);
        run("ip", "-n", namespace, "link", "add", "br0", "type", "bridge");
        run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "br0");
        run("ip", "-n", namespace, "link", "set", "br0", "up");
    }

    /** What a node agent does to a pod that joins the mesh. */
    void capture() throws Exception {
        run("ip", "-n", name, "route", "replace", "local", "0.0.0.0/0", "dev", "lo", "table", "100");
        run("ip", "-n", name, "rule", "add", "fwmark", "0x111/0xfff", "priority", "32764", "lookup", "100");
        var rules = Path.of(TestPod.class.getResource("/capture.nft").toURI()).toString();
        run("ip", "netns", "exec", name, "nft", "-f", rules);
    }

    /** What it does first to one that leaves. */
    void captureNothingNew() throws Exception {
        run("ip", "netns", "exec", name, "nft", "flush", "table", "inet", "nat");
    }

    /** As the kubelet does before the namespace goes. */
    void unplug() throws Exception {
        run("ip", "-n", name, "link", "del", "eth0");
    }

    Netns namespace() throws IOException {
        return Netns.open(Path.of("/run/netns", name));
    }

    InetAddress address() {
        return InetAddress.ofLiteral(address);
    }

    /** Accepts connections inside, and tells each from which address it sees it come; then echoes. */
    ServerSocket serve() throws Exception {
        var listener = inside(() -> new ServerSocket(0, 50, address()));
        PlatformThreads.start("app-" + name, () -> {
            while (!listener.isClosed()) {
                try {
                    var socket = listener.accept();
                    Thread.ofVirtual().start(() -> converse(socket));
                } catch (IOException e) {
                    // Closed: the test is over.
                    return;
                }
            }
        });
        return listener;
    }

    private static void converse(Socket socket) {
        try (socket) {
            var greeting = socket.getInetAddress().getHostAddress() + "\n";
            socket.getOutputStream().write(greeting.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // Cut: the test sees it at the other end.
            return;
        }
    }

    Socket connect(InetAddress to, int port) throws Exception {
        var socket = inside(() -> new Socket(to, port));
        socket.setSoTimeout(10_000);
        return socket;
    }

    <T> T inside(Callable<T> action) throws Exception {
        try (var namespace = namespace()) {
            return namespace.call(action);
        }
    }

    @Override
    public void close() throws Exception {
        remove(name);
    }

    static void remove(String namespace) throws Exception {
        run("ip", "netns", "del", namespace);
    }

    private static void run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + ": " + output);
        }
    }
}
