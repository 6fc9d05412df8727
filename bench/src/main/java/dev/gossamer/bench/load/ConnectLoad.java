package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Connections that live for one request: connect, ask, read the answer, close. */
final class ConnectLoad {
    private ConnectLoad() {}

    /** {@code atOnce}: how many clients do this at the same time, each one after another. */
    static String run(InetAddress server, int atOnce, Duration length) throws InterruptedException {
        var done = new AtomicLong();
        var failed = new AtomicInteger();
        long start = System.nanoTime();
        long end = start + length.toNanos();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < atOnce; i++) {
                clients.execute(() -> {
                    while (System.nanoTime() < end) {
                        try {
                            ask(server);
                            done.incrementAndGet();
                        } catch (IOException e) {
                            failed.incrementAndGet();
                        }
                    }
                });
            }
            clients.shutdown();
            if (!clients.awaitTermination(length.toSeconds() + 30, TimeUnit.SECONDS)) {
                clients.shutdownNow();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return "{\"requests\":%d,\"perSecond\":%.1f,\"failed\":%d}"
                .formatted(done.get(), done.get() / seconds, failed.get());
    }

    private static void ask(InetAddress server) throws IOException {
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            // Without this the client's own ports run out in TIME_WAIT before any contender is at its limit.
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.connect(new InetSocketAddress(server, LoadPorts.ANSWERS), 10_000);
            socket.getOutputStream().write(new byte[LoadPorts.REQUEST_BYTES]);
            if (socket.getInputStream().readNBytes(LoadPorts.ANSWER_BYTES).length != LoadPorts.ANSWER_BYTES) {
                throw new IOException("the answer was cut short");
            }
        }
    }
}
