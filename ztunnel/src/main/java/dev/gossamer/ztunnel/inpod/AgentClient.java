package dev.gossamer.ztunnel.inpod;

import dev.gossamer.core.lifecycle.Backoff;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.net.linux.SeqPacketSocket;
import dev.gossamer.net.loop.PlatformThreads;
import dev.gossamer.proto.ZdsProto.Ack;
import dev.gossamer.proto.ZdsProto.Version;
import dev.gossamer.proto.ZdsProto.WorkloadResponse;
import dev.gossamer.proto.ZdsProto.ZdsHello;
import dev.gossamer.ztunnel.telemetry.Readiness;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the node agent: connects to its socket, does what it says, answers each message, and connects again.
 *
 * <p>When the agent goes away the pods stay served: only the agent can say that one is gone. Thread-safe; the work is
 * done by a thread of its own, which may wait in native code.
 */
public final class AgentClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentClient.class);
    private static final String TASK = "workload proxy manager";
    private static final Duration FIRST_RETRY = Duration.ofMillis(20);
    private static final Duration LAST_RETRY = Duration.ofSeconds(15);
    /** How often pods are tried again that could not be served. */
    private static final Duration TICK = Duration.ofSeconds(5);
    /** An agent's message and its descriptors come whole or not at all; longer texts would not fit the datagram. */
    private static final int MAX_ERROR_LENGTH = 900;

    private final Path socket;
    private final PodRegistry pods;
    private final Readiness readiness;
    private final TimeSource time;
    private final Backoff backoff = new Backoff(FIRST_RETRY, LAST_RETRY, 0, ThreadLocalRandom.current());
    private volatile boolean closed;
    private volatile @Nullable SeqPacketSocket connection;
    private @Nullable Thread thread;
    private long lastRetryNanos;

    public AgentClient(Path socket, PodRegistry pods, Readiness readiness, TimeSource time) {
        this.socket = socket;
        this.pods = pods;
        this.readiness = readiness;
        this.time = time;
        this.lastRetryNanos = time.nanoTime();
        readiness.set(TASK, false);
    }

    public synchronized void start() {
        thread = PlatformThreads.start("agent", this::run);
    }

    private void run() {
        try {
            while (!closed) {
                try (var agent = SeqPacketSocket.connect(socket)) {
                    connection = agent;
                    serve(agent);
                } catch (IOException e) {
                    LOG.info("node agent at {}: {}", socket, e.getMessage());
                } finally {
                    connection = null;
                    readiness.set(TASK, false);
                }
                retryPendingIfDue();
                if (!closed) {
                    Thread.sleep(backoff.next());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SeqPacketSocket agent) throws IOException, InterruptedException {
        agent.send(ZdsHello.newBuilder().setVersion(Version.V1).build().toByteArray());
        var protocol = new AgentProtocol(pods);
        while (!closed) {
            readiness.set(TASK, protocol.isSnapshotReceived() && pods.pendingCount() == 0);
            retryPendingIfDue();
            try (var received = agent.receive(TICK)) {
                if (received == null) {
                    throw new IOException("closed the connection");
                }
                var answer = protocol.handle(received);
                agent.send(response(answer.error()));
                backoff.reset();
                if (!answer.goOn()) {
                    throw new IOException("broke the protocol: " + answer.error());
                }
            } catch (SocketTimeoutException e) {
                LOG.trace("nothing from the node agent");
            }
        }
    }

    private void retryPendingIfDue() throws InterruptedException {
        long now = time.nanoTime();
        if (now - lastRetryNanos >= TICK.toNanos()) {
            lastRetryNanos = now;
            pods.retryPending();
        }
    }

    private static byte[] response(@Nullable String error) {
        var text = error == null ? "" : error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH));
        return WorkloadResponse.newBuilder()
                .setAck(Ack.newBuilder().setError(text))
                .build()
                .toByteArray();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        var open = connection;
        if (open != null) {
            open.close();
        }
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.interrupt();
            running.join(Duration.ofSeconds(5));
        }
    }
}
