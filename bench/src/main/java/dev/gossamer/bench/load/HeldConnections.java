package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections that were used once and then only stay open. Confined to the client's main thread. */
final class HeldConnections {
    private static final int ANSWER_MILLIS = 5_000;

    private final InetAddress server;
    private final List<Socket> open = new ArrayList<>();

    HeldConnections(InetAddress server) {
        this.server = server;
    }

    /** Opens connections until {@code count} are held, and sees each one answer; fewer if one does not in time. */
    String hold(int count) {
        try {
            while (open.size() < count) {
                var socket = new Socket();
                open.add(socket);
                socket.setSoTimeout(ANSWER_MILLIS);
                socket.connect(new InetSocketAddress(server, LoadPorts.ANSWERS), ANSWER_MILLIS);
                socket.getOutputStream().write(new byte[LoadPorts.REQUEST_BYTES]);
                if (socket.getInputStream().readNBytes(LoadPorts.ANSWER_BYTES).length < LoadPorts.ANSWER_BYTES) {
                    throw new IOException("it was closed before it answered");
                }
            }
        } catch (IOException e) {
            System.err.println("connection " + open.size() + " of " + count + ": " + e.getMessage());
            return "{\"held\":%d}".formatted(open.size() - 1);
        }
        return "{\"held\":%d}".formatted(open.size());
    }

    String release() throws IOException {
        for (var socket : open) {
            socket.close();
        }
        open.clear();
        return "{\"held\":0}";
    }
}
