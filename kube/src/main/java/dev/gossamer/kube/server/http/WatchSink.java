package dev.gossamer.kube.server.http;

import java.io.IOException;
import java.io.OutputStream;

/** Where the events of a watch go. Implementations are confined to the watch's thread. */
interface WatchSink {
    /** One event, as JSON. */
    void send(byte[] event) throws IOException;

    /** What was sent is on its way, even if that is nothing but the beginning of the answer. */
    void flush() throws IOException;

    /** False once the client is known to be gone. */
    boolean isOpen();

    void close() throws IOException;

    /** Lines of a response. Confined to the watch's thread. */
    record Lines(Exchange exchange, OutputStream out) implements WatchSink {
        @Override
        public void send(byte[] event) throws IOException {
            out.write(event);
            out.write('\n');
        }

        @Override
        public void flush() throws IOException {
            exchange.commit();
            out.flush();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Messages of a WebSocket. Confined to the watch's thread. */
    record Messages(ChannelSocket socket) implements WatchSink {
        @Override
        public void send(byte[] event) throws IOException {
            try {
                socket.sendText(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the API server is stopping", e);
            }
        }

        @Override
        public void flush() {}

        @Override
        public boolean isOpen() {
            return !socket.ended();
        }

        @Override
        public void close() {}
    }
}
