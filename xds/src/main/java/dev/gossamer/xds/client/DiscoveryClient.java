package dev.gossamer.xds.client;

import dev.gossamer.core.lifecycle.Backoff;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneChannel;
import dev.gossamer.pki.transport.ControlPlaneSetupException;
import dev.gossamer.xds.client.ConnectionState.Reason;
import dev.gossamer.xds.codec.DiscoveryMethod;
import dev.gossamer.xds.delta.ClientSubscription;
import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.NodeInfo;
import dev.gossamer.xds.delta.TypeUrl;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control plane: connects, subscribes, hands on what comes, answers, and connects again when the stream ends.
 *
 * <p>Thread-safe. All work, decoding and the listeners included, is done by the one thread that calls {@link #run}.
 */
public final class DiscoveryClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryClient.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(20);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
    private static final Duration ROUTINE_RETRY = Duration.ofMillis(10);

    /** So that the proxies of a mesh whose control plane restarts do not come back in step. */
    private static final double RETRY_JITTER = 0.2;

    private final ControlPlaneAccess access;
    private final NodeInfo node;
    private final UpdateReader reader;
    private final DiscoveryListener listener;
    private final TimeSource time;
    private final Map<TypeUrl, ClientSubscription> subscriptions = new LinkedHashMap<>();
    private final Backoff backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, RETRY_JITTER, RandomGenerator.getDefault());
    private final CompletableFuture<Void> initialSync = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable BlockingQueue<StreamEvent> events;
    private volatile ConnectionState state = new ConnectionState.Connecting(0);
    private int failures;

    public DiscoveryClient(
            ControlPlaneAccess access, ProxyNode node, MeshListener mesh, DiscoveryListener listener, TimeSource time) {
        this.access = access;
        this.node = node.info();
        this.reader = new UpdateReader(mesh);
        this.listener = listener;
        this.time = time;
        // In this order on the wire: workloads before the policies that they list.
        for (var type : new TypeUrl[] {TypeUrl.ADDRESS, TypeUrl.AUTHORIZATION}) {
            subscriptions.put(type, new ClientSubscription(type));
        }
    }

    /** Returns after {@link #close} or when its thread is interrupted. */
    public void run() {
        try {
            while (closed.getCount() > 0) {
                become(new ConnectionState.Connecting(failures));
                var end = follow();
                if (closed.getCount() == 0) {
                    break;
                }
                become(new ConnectionState.Disconnected(end.reason(), end.message()));
                pause(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            become(new ConnectionState.Closed());
        }
    }

    /** Done once a first response of each type was accepted whole; it stays done when the stream ends. */
    public CompletableFuture<Void> initialSyncDone() {
        return initialSync.copy();
    }

    public ConnectionState state() {
        return state;
    }

    @Override
    public void close() {
        closed.countDown();
        var current = events;
        if (current != null) {
            current.add(new StreamEvent.Stop());
        }
    }

    private void become(ConnectionState next) {
        state = next;
        listener.onState(next);
    }

    private void pause(Disconnection end) throws InterruptedException {
        if (end.progressed()) {
            backoff.reset();
            failures = 0;
        }
        Duration wait = Duration.ZERO;
        if (end.backsOff()) {
            failures++;
            wait = backoff.next();
            LOG.warn(
                    "no discovery stream to {}: {}; next try in {} ms",
                    access.address(),
                    end.message(),
                    wait.toMillis());
        } else {
            LOG.info("the discovery stream to {} ended: {}", access.address(), end.message());
            wait = end.reason() == Reason.RECONNECT ? ROUTINE_RETRY : wait;
        }
        var unused = closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One stream, from the first byte to the last. */
    private Disconnection follow() throws InterruptedException {
        try (var channel = ControlPlaneChannel.open(access)) {
            var queue = new LinkedBlockingQueue<StreamEvent>();
            events = queue;
            if (closed.getCount() == 0) {
                return new Disconnection(Reason.COMPLETE, "closed", false);
            }
            var call = channel.forCall().newCall(DiscoveryMethod.DELTA, CallOptions.DEFAULT);
            call.start(new Events(queue), new Metadata());
            try {
                call.request(1);
                subscriptions.values().forEach(subscription -> call.sendMessage(subscription.open(node)));
                return serve(call, queue);
            } finally {
                call.cancel("the client leaves the stream", null);
            }
        } catch (ControlPlaneSetupException e) {
            return new Disconnection(Reason.ERROR, String.valueOf(e.getMessage()), false);
        } catch (RuntimeException e) {
            LOG.error("an update of {} could not be applied", access.address(), e);
            return new Disconnection(Reason.ERROR, "an update could not be applied: " + e, false);
        }
    }

    private Disconnection serve(ClientCall<DeltaRequest, DeltaResponse> call, BlockingQueue<StreamEvent> queue)
            throws InterruptedException {
        boolean opened = false;
        boolean progressed = false;
        while (true) {
            switch (queue.take()) {
                case StreamEvent.Opened() -> {
                    opened = true;
                    become(new ConnectionState.Connected(time.now()));
                }
                case StreamEvent.Received(var response) -> {
                    progressed = true;
                    call.sendMessage(handle(response));
                    call.request(1);
                }
                case StreamEvent.Ended(var status) -> {
                    return Disconnection.of(status, opened, progressed);
                }
                case StreamEvent.Stop() -> {
                    call.halfClose();
                    return Disconnection.of(Status.OK, opened, progressed);
                }
            }
        }
    }

    /** Applies a response and says what to answer. */
    private DeltaRequest handle(DeltaResponse response) {
        long bytes = 0;
        for (var resource : response.resources()) {
            bytes += resource.payload().size();
        }
        listener.onResponse(
                response.type(), response.resources().size(), response.removed().size(), bytes);
        var subscription = subscriptions.get(response.type());
        if (subscription == null) {
            LOG.debug("ignored a response of the unknown type {}", response.type());
            return DeltaRequest.answer(response, null);
        }
        var rejected = reader.apply(response);
        if (!rejected.isEmpty()) {
            LOG.warn("refused resources of {}: {}", response.type(), rejected);
        }
        var answer = subscription.applied(response, rejected);
        if (subscriptions.values().stream().allMatch(ClientSubscription::isSynced)) {
            initialSync.complete(null);
        }
        return answer;
    }

    /** Queues what the transport tells. Thread-safe, as the queue is; at most one response is in it. */
    private static final class Events extends ClientCall.Listener<DeltaResponse> {
        private final BlockingQueue<StreamEvent> queue;

        Events(BlockingQueue<StreamEvent> queue) {
            this.queue = queue;
        }

        @Override
        public void onHeaders(Metadata headers) {
            queue.add(new StreamEvent.Opened());
        }

        @Override
        public void onMessage(DeltaResponse response) {
            queue.add(new StreamEvent.Received(response));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            queue.add(new StreamEvent.Ended(status));
        }
    }
}
