package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Connections that were used once and then only stay open. Confined to the client's main thread. */
final class HeldConnections {
    private final InetAddress server;
    private final List<SocketChannel> open = new ArrayList<>();

    HeldConnections(InetAddress server) {
        this.server = server;
    }

    /** Opens connections until {@code count} are held, and sees each one answer. */
    String hold(int count) throws IOException {
        while (open.size() < count) {
            var channel = SocketChannel.open(new InetSocketAddress(server, LoadPorts.ANSWERS));
            open.add(channel);
            channel.write(ByteBuffer.allocate(LoadPorts.REQUEST_BYTES));
            var answer = ByteBuffer.allocate(LoadPorts.ANSWER_BYTES);
            while (answer.hasRemaining()) {
                if (channel.read(answer) < 0) {
                    throw new IOException("connection " + open.size() + " was closed before it answered");
                }
            }
        }
        return "{\"held\":%d}".formatted(open.size());
    }

    String release() throws IOException {
        for (var channel : open) {
            channel.close();
        }
        open.clear();
        return "{\"held\":0}";
    }
}
