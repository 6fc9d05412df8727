package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The server behind every contender: one thread, plain NIO, so that it costs the same for each.
 *
 * <p>Argument: the address to listen on. Prints {@code ready}, ends with its standard input. Confined to its main
 * thread.
 */
public final class LoadServer {
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(256 << 10);
    private final ByteBuffer payload = ByteBuffer.allocateDirect(256 << 10);

    private LoadServer() {}

    public static void main(String[] args) throws IOException {
        new LoadServer().serve(args[0]);
    }

    private void serve(String address) throws IOException {
        var selector = Selector.open();
        for (int port : new int[] {LoadPorts.ANSWERS, LoadPorts.SOURCE, LoadPorts.SINK}) {
            var listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(address, port), 4096);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT, port);
        }
        Thread.ofVirtual().start(LoadServer::endWithInput);
        System.out.println("ready");
        while (true) {
            selector.select(key -> {
                try {
                    handle(selector, key);
                } catch (IOException e) {
                    // The client went away: the next one is measured anew.
                    key.cancel();
                    closeQuietly(key);
                }
            });
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("closing a connection: " + e);
        }
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            System.err.println("reading standard input: " + e);
        }
        System.exit(0);
    }

    private void handle(Selector selector, SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            accept(selector, key);
        } else {
            switch (key.attachment()) {
                case Answers answers -> answers.serve(key, scratch, payload);
                case Source _ -> source(key);
                case Sink sink -> sink.serve(key, scratch);
                case null, default -> throw new IllegalStateException("a key without a role");
            }
        }
    }

    private static void accept(Selector selector, SelectionKey key) throws IOException {
        int port = (int) key.attachment();
        SocketChannel channel;
        while ((channel = ((ServerSocketChannel) key.channel()).accept()) != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            switch (port) {
                case LoadPorts.ANSWERS -> channel.register(selector, SelectionKey.OP_READ, new Answers());
                case LoadPorts.SOURCE -> channel.register(selector, SelectionKey.OP_WRITE, new Source());
                default -> channel.register(selector, SelectionKey.OP_READ, new Sink());
            }
        }
    }

    private void source(SelectionKey key) throws IOException {
        payload.clear();
        ((SocketChannel) key.channel()).write(payload);
    }

    private record Source() {}

    /** One connection of requests and answers. */
    private static final class Answers {
        private long received;
        private long owed;

        void serve(SelectionKey key, ByteBuffer scratch, ByteBuffer payload) throws IOException {
            var channel = (SocketChannel) key.channel();
            if (key.isReadable()) {
                scratch.clear();
                int n = channel.read(scratch);
                if (n < 0) {
                    channel.close();
                    return;
                }
                long before = received / LoadPorts.REQUEST_BYTES;
                received += n;
                owed += (received / LoadPorts.REQUEST_BYTES - before) * LoadPorts.ANSWER_BYTES;
            }
            while (owed > 0) {
                payload.clear().limit((int) Math.min(owed, payload.capacity()));
                int n = channel.write(payload);
                owed -= n;
                if (n == 0) {
                    break;
                }
            }
            key.interestOps(owed > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }

    /** One upload. */
    private static final class Sink {
        private long received;
        private long reported;

        void serve(SelectionKey key, ByteBuffer scratch) throws IOException {
            var channel = (SocketChannel) key.channel();
            scratch.clear();
            int n = channel.read(scratch);
            if (n < 0) {
                channel.close();
                return;
            }
            received += n;
            if (received - reported >= LoadPorts.REPORT_BYTES) {
                reported = received;
                channel.write(ByteBuffer.allocate(8).putLong(received).flip());
            }
        }
    }
}
