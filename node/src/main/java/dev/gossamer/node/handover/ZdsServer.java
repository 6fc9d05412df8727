package dev.gossamer.node.handover;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.net.linux.SeqPacketServer;
import dev.gossamer.net.linux.SeqPacketSocket;
import dev.gossamer.net.loop.PlatformThreads;
import dev.gossamer.node.handover.ZdsSession.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the node proxy connects and is told which pods to serve.
 *
 * <p>During an upgrade two are connected: the newer one is told of new pods, both of those that go. Thread-safe.
 */
public final class ZdsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZdsServer.class);
    /** At most five a second: a proxy that fails at once and comes again must not keep this busy. */
    private static final Duration ACCEPT_EVERY = Duration.ofMillis(200);

    private final SeqPacketServer server;
    private final HandoverListener listener;

    @GuardedBy("this")
    private final Map<String, HandedPod> pods = new LinkedHashMap<>();

    /** The newest last. */
    @GuardedBy("this")
    private final Deque<ZdsSession> sessions = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean closed;

    private ZdsServer(SeqPacketServer server, HandoverListener listener) {
        this.server = server;
        this.listener = listener;
    }

    /**
     * Listens at {@code path}, with pods to begin with.
     *
     * @throws IOException if it cannot
     */
    public static ZdsServer start(Path path, List<HandedPod> pods, HandoverListener listener) throws IOException {
        var server = new ZdsServer(SeqPacketServer.listen(path), listener);
        pods.forEach(server::add);
        PlatformThreads.start("zds-accept", server::acceptAll);
        return server;
    }

    /** The node proxy is to serve this pod; the answer comes to the listener. Asking again is no harm. */
    public synchronized void add(HandedPod pod) {
        pods.put(pod.uid(), pod);
        var newest = sessions.peekLast();
        if (newest != null) {
            newest.enqueue(new Order.Add(pod));
        }
    }

    /** The node proxy is to serve this pod no more. */
    public synchronized void remove(String podUid) {
        if (pods.remove(podUid) != null) {
            sessions.forEach(session -> session.enqueue(new Order.Delete(podUid)));
        }
    }

    public synchronized boolean isConnected() {
        return !sessions.isEmpty();
    }

    private void acceptAll() {
        try {
            while (true) {
                var socket = server.accept();
                PlatformThreads.start("zds-session", () -> serve(socket));
                Thread.sleep(ACCEPT_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!isClosed()) {
                LOG.error("no node proxy can connect any more: {}", e.getMessage());
            }
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void serve(SeqPacketSocket socket) {
        var session = new ZdsSession(socket, listener);
        try {
            session.greet();
            var snapshot = join(session);
            LOG.info("a node proxy connected, it is told of {} pods", snapshot.size());
            listener.onConnectionChanged(true);
            session.serve(snapshot);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!isClosed()) {
                LOG.warn("the connection to a node proxy ended: {}", e.getMessage());
            }
        } finally {
            session.close();
            leave(session);
        }
    }

    /** At once with the snapshot: what is added from here on reaches the session as an order. */
    private synchronized List<HandedPod> join(ZdsSession session) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        sessions.addLast(session);
        return List.copyOf(pods.values());
    }

    private void leave(ZdsSession session) {
        boolean last;
        synchronized (this) {
            last = sessions.remove(session) && sessions.isEmpty();
        }
        if (last) {
            listener.onConnectionChanged(false);
        }
    }

    @Override
    public void close() {
        List<ZdsSession> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(sessions);
        }
        server.close();
        open.forEach(ZdsSession::close);
    }
}
