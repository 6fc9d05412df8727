package dev.gossamer.ztunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** An application of a test: does the same with each connection it accepts, on a thread of its own. */
final class App implements AutoCloseable {
    interface Conversation {
        void with(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final AtomicInteger accepted = new AtomicInteger();

    App(String address, Conversation conversation) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.ofLiteral(address));
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    var socket = listener.accept();
                    accepted.incrementAndGet();
                    Thread.ofVirtual().start(() -> talk(socket, conversation));
                } catch (IOException e) {
                    // Closed: the test is over.
                    return;
                }
            }
        });
    }

    private static void talk(Socket socket, Conversation conversation) {
        try (socket) {
            conversation.with(socket);
        } catch (IOException e) {
            // The other side cut the connection: tests look at that from the client.
            return;
        }
    }

    /** Answers everything with itself, and the end with the end. */
    static App echo(String address) throws IOException {
        return new App(address, socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
