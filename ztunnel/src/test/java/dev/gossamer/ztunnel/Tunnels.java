package dev.gossamer.ztunnel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of TCP on loopback. */
final class Tunnels {
    private Tunnels() {}

    /** Established connections from clients to {@code server}'s port. */
    static long countTo(InetSocketAddress server) throws IOException {
        var port = String.format(":%04X", server.getPort());
        long count = 0;
        for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            for (var line : Files.readAllLines(Path.of(table))) {
                var columns = line.strip().split("\\s+");
                boolean established = columns[3].equals("01");
                if (established && columns[2].endsWith(port)) {
                    count++;
                }
            }
        }
        return count;
    }

    static boolean canConnect(InetSocketAddress listener) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", listener.getPort()), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
