package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.kube.server.http.ChannelSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries connections to a pod's ports: two channels a port, the even one for data, the odd one for errors; each
 * begins with the port's number.
 *
 * <p>Confined to one socket.
 */
final class ForwardConversation implements ChannelSocket.Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardConversation.class);
    private static final int BUFFER_BYTES = 16 << 10;

    private final List<Integer> ports;
    private final List<ByteChannel> connections;

    ForwardConversation(List<Integer> ports, List<ByteChannel> connections) {
        this.ports = List.copyOf(ports);
        this.connections = List.copyOf(connections);
    }

    @Override
    public void run(ChannelSocket socket) throws IOException, InterruptedException {
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(i);
            var number = new byte[] {(byte) port, (byte) (port >> 8)};
            socket.send(2 * i, number, number.length);
            socket.send(2 * i + 1, number, number.length);
        }
        var upstream = Thread.ofVirtual().name("forward-upstream-", 0).start(() -> feed(socket));
        try (var downstream = new TaskGroup("forward")) {
            for (int i = 0; i < connections.size(); i++) {
                int channel = 2 * i;
                var connection = connections.get(i);
                downstream.start(() -> pump(connection, socket, channel));
            }
            downstream.join();
        } catch (ExecutionException e) {
            throw new IOException("a forwarded connection broke", e.getCause());
        } finally {
            upstream.interrupt();
        }
    }

    private void feed(ChannelSocket socket) {
        try {
            for (var message = socket.receive(); message != null; message = socket.receive()) {
                int index = message.channel() / 2;
                if (message.channel() % 2 == 0 && index < connections.size()) {
                    var bytes = ByteBuffer.wrap(message.content());
                    while (bytes.hasRemaining()) {
                        connections.get(index).write(bytes);
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("a pod's port takes no more: {}", e.toString());
        } catch (InterruptedException e) {
            // The pod's end is finished already.
            return;
        }
        // The client is gone: closing the connections ends the other direction.
        connections.forEach(ForwardConversation::closeQuietly);
    }

    private static void pump(ByteChannel connection, ChannelSocket socket, int channel)
            throws IOException, InterruptedException {
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        while (connection.isOpen() && connection.read(buffer.clear()) >= 0) {
            socket.send(channel, buffer.array(), buffer.position());
        }
    }

    static void closeQuietly(ByteChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("closing a forwarded connection failed: {}", e.toString());
        }
    }
}
