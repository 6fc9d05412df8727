package dev.gossamer.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Requests over connections that stay open.
 *
 * <p>The open loop sends when a request is due, whatever became of those before it, and counts latency from that
 * moment: a stall shows in every request that it delays. Used once; confined to the thread that runs it.
 */
final class RequestLoad {
    /** Of a run, in microseconds and requests per second. Immutable. */
    record Result(long requests, double perSecond, double p50, double p90, double p99, double p999) {
        String json() {
            return "{\"requests\":%d,\"perSecond\":%.1f,\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f}"
                    .formatted(requests, perSecond, p50, p90, p99, p999);
        }
    }

    private static final class Connection {
        final SocketChannel channel;
        /** When each request that has no answer yet was due. Written by the pacer, read by the reader. */
        final Queue<Long> due = new ConcurrentLinkedQueue<>();

        long received;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 << 10);
    private long[] latencies = new long[1 << 20];
    private int answered;
    private volatile boolean done;
    private volatile @Nullable IOException failure;

    RequestLoad(InetAddress server, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var channel = SocketChannel.open(new InetSocketAddress(server, LoadPorts.ANSWERS));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            connections.add(new Connection(channel));
        }
    }

    Result openLoop(int perSecond, Duration length) throws IOException, InterruptedException {
        var reader = Thread.ofPlatform().name("reader").start(() -> readUntilDone(null));
        long start = System.nanoTime();
        long gap = 1_000_000_000L / perSecond;
        long total = length.toNanos() / gap;
        for (long i = 0; i < total && failure == null; i++) {
            long due = start + i * gap;
            for (long wait; (wait = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(wait);
            }
            send(connections.get((int) (i % connections.size())), due);
        }
        long elapsed = System.nanoTime() - start;
        // Stragglers count as well; what has no answer after this long is a failure of the contender.
        for (int i = 0; i < 500 && connections.stream().anyMatch(c -> !c.due.isEmpty()); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        finish(reader);
        return result(elapsed);
    }

    Result closedLoop(Duration length) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + length.toNanos();
        for (var connection : connections) {
            send(connection, System.nanoTime());
        }
        var reader = Thread.ofPlatform().name("reader").start(() -> readUntilDone(end));
        reader.join();
        finish(reader);
        return result(length.toNanos());
    }

    private void finish(Thread reader) throws IOException, InterruptedException {
        done = true;
        reader.join();
        for (var connection : connections) {
            connection.channel.close();
        }
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private static void send(Connection connection, long due) throws IOException {
        connection.due.add(due);
        var request = ByteBuffer.allocate(LoadPorts.REQUEST_BYTES);
        while (request.hasRemaining()) {
            connection.channel.write(request);
        }
    }

    /** With {@code closedLoopEnd}, sends the next request as soon as an answer is there, until then. */
    private void readUntilDone(@Nullable Long closedLoopEnd) {
        try (var selector = Selector.open()) {
            for (var connection : connections) {
                connection.channel.register(selector, SelectionKey.OP_READ, connection);
            }
            while (!done && (closedLoopEnd == null || System.nanoTime() < closedLoopEnd)) {
                selector.select(
                        key -> {
                            try {
                                read((Connection) key.attachment(), closedLoopEnd != null);
                            } catch (IOException e) {
                                failure = e;
                                done = true;
                            }
                        },
                        10);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void read(Connection connection, boolean sendNext) throws IOException {
        scratch.clear();
        int n = connection.channel.read(scratch);
        if (n < 0) {
            throw new IOException("the server closed a connection in the middle of the run");
        }
        long before = connection.received / LoadPorts.ANSWER_BYTES;
        connection.received += n;
        long answers = connection.received / LoadPorts.ANSWER_BYTES - before;
        long now = System.nanoTime();
        for (long i = 0; i < answers; i++) {
            record(now - connection.due.remove());
            if (sendNext) {
                send(connection, now);
            }
        }
    }

    private void record(long nanos) {
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, answered * 2);
        }
        latencies[answered++] = nanos;
    }

    private Result result(long elapsedNanos) {
        Arrays.sort(latencies, 0, answered);
        return new Result(
                answered, answered * 1e9 / elapsedNanos, micros(0.5), micros(0.9), micros(0.99), micros(0.999));
    }

    private double micros(double quantile) {
        return answered == 0 ? 0 : latencies[Math.min(answered - 1, (int) (answered * quantile))] / 1000.0;
    }
}
