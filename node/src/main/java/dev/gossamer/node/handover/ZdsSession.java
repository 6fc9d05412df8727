package dev.gossamer.node.handover;

import dev.gossamer.net.linux.Received;
import dev.gossamer.net.linux.SeqPacketSocket;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connected node proxy. A request at a time: the next one goes out when the last one is acknowledged, since nothing
 * else tells which acknowledgement is whose.
 *
 * <p>Confined to its own thread, but for {@link #enqueue} and {@link #close}, which are for any.
 */
final class ZdsSession {
    private static final Duration ACKNOWLEDGEMENT_TIMEOUT = Duration.ofSeconds(5);
    /** How long to wait for work before looking whether the peer is still there. */
    private static final long PROBE_EVERY_MILLIS = 250;

    private static final Duration PROBE = Duration.ofMillis(1);

    /** What the node proxy is to do. Immutable. */
    sealed interface Order {
        record Add(HandedPod pod) implements Order {}

        record Delete(String podUid) implements Order {}
    }

    private final SeqPacketSocket socket;
    private final HandoverListener listener;
    private final LinkedBlockingQueue<Order> orders = new LinkedBlockingQueue<>();

    ZdsSession(SeqPacketSocket socket, HandoverListener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    void enqueue(Order order) {
        orders.add(order);
    }

    /** Awaits the greeting. */
    void greet() throws IOException {
        ZdsMessages.requireHello(receive());
    }

    /** Tells all that there is, then what changes, until the peer goes; that is an exception, too. */
    void serve(List<HandedPod> snapshot) throws IOException, InterruptedException {
        for (var pod : snapshot) {
            carryOut(new Order.Add(pod));
        }
        socket.send(ZdsMessages.snapshotSent());
        var error = ZdsMessages.acknowledgement(receive());
        if (!error.isEmpty()) {
            throw new IOException("the node proxy does not take the snapshot: " + error);
        }
        while (true) {
            var order = orders.poll(PROBE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            if (order == null) {
                requireSilence();
            } else {
                carryOut(order);
            }
        }
    }

    private void carryOut(Order order) throws IOException {
        switch (order) {
            case Order.Add(var pod) when pod.netns().isClosed() -> {
                // The pod has gone since; its deletion is among the next orders.
            }
            case Order.Add(var pod) -> {
                socket.send(ZdsMessages.add(pod), pod.netns());
                var error = ZdsMessages.acknowledgement(receive());
                if (error.isEmpty()) {
                    listener.onAccepted(pod.uid());
                } else {
                    listener.onRefused(pod.uid(), error);
                }
            }
            case Order.Delete(var uid) -> {
                socket.send(ZdsMessages.delete(uid));
                // An error means that it did not know the pod, which is as good.
                var _ = ZdsMessages.acknowledgement(receive());
            }
        }
    }

    private byte[] receive() throws IOException {
        try (var received = socket.receive(ACKNOWLEDGEMENT_TIMEOUT)) {
            return message(received);
        } catch (SocketTimeoutException e) {
            // A late answer would be taken for that to the next request, so this connection is of no more use.
            throw new IOException("no answer within " + ACKNOWLEDGEMENT_TIMEOUT.toSeconds() + " s", e);
        }
    }

    private static byte[] message(@Nullable Received received) throws IOException {
        if (received == null) {
            throw new IOException("the node proxy has gone");
        }
        return received.message();
    }

    private void requireSilence() throws IOException {
        try (var received = socket.receive(PROBE)) {
            message(received);
            throw new IOException("a message that nobody asked for");
        } catch (SocketTimeoutException _) {
            // It is there and silent, as it should be.
        }
    }

    void close() {
        socket.close();
    }
}
