package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Streams as fast as they go, counted where the bytes arrive. */
final class BulkLoad {
    private BulkLoad() {}

    static String download(InetAddress server, int streams, Duration length) throws IOException, InterruptedException {
        return run(server, LoadPorts.SOURCE, streams, length, (channel, total, end) -> {
            var buffer = ByteBuffer.allocateDirect(256 << 10);
            while (System.nanoTime() < end) {
                buffer.clear();
                int n = channel.read(buffer);
                if (n < 0) {
                    throw new IOException("the download ended early");
                }
                total.addAndGet(n);
            }
        });
    }

    static String upload(InetAddress server, int streams, Duration length) throws IOException, InterruptedException {
        return run(server, LoadPorts.SINK, streams, length, (channel, total, end) -> {
            var reports = Thread.ofPlatform().start(() -> readReports(channel, total));
            var buffer = ByteBuffer.allocateDirect(256 << 10);
            while (System.nanoTime() < end) {
                buffer.clear();
                channel.write(buffer);
            }
            channel.shutdownInput();
            channel.close();
            reports.join();
        });
    }

    private static void readReports(SocketChannel channel, AtomicLong total) {
        var report = ByteBuffer.allocate(8);
        long last = 0;
        try {
            while (channel.read(report) >= 0) {
                if (!report.hasRemaining()) {
                    long now = report.flip().getLong();
                    total.addAndGet(now - last);
                    last = now;
                    report.clear();
                }
            }
        } catch (IOException e) {
            // The upload is over: its own thread closed the channel.
            return;
        }
    }

    @FunctionalInterface
    private interface Transfer {
        void run(SocketChannel channel, AtomicLong total, long endNanos) throws IOException, InterruptedException;
    }

    private static String run(InetAddress server, int port, int streams, Duration length, Transfer transfer)
            throws IOException, InterruptedException {
        var total = new AtomicLong();
        var failures = new ArrayList<String>();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < streams; i++) {
            var channel = SocketChannel.open(new InetSocketAddress(server, port));
            threads.add(Thread.ofPlatform().start(() -> {
                try (channel) {
                    transfer.run(channel, total, start + length.toNanos());
                } catch (IOException e) {
                    synchronized (failures) {
                        failures.add(e.toString());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.getFirst());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return "{\"bytes\":%d,\"gbitPerSecond\":%.3f}".formatted(total.get(), total.get() * 8 / seconds / 1e9);
    }
}
