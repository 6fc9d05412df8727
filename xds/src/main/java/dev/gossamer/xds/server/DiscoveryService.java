package dev.gossamer.xds.server;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.transport.Callers;
import dev.gossamer.xds.codec.DiscoveryMethod;
import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.DeltaResponse;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The delta discovery service: one virtual thread for each connected proxy. Thread-safe. */
public final class DiscoveryService implements BindableService, AutoCloseable {
    private final SnapshotHub hub;
    private final StreamAuthenticator authenticator;
    private final DiscoveryConfig config;
    private final TimeSource time;
    private final PushObserver observer;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger streams = new AtomicInteger();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("xds-session-", 0).factory());

    public DiscoveryService(
            SnapshotHub hub, StreamAuthenticator authenticator, DiscoveryConfig config, TimeSource time) {
        this(hub, authenticator, config, time, PushObserver.NONE);
    }

    public DiscoveryService(
            SnapshotHub hub,
            StreamAuthenticator authenticator,
            DiscoveryConfig config,
            TimeSource time,
            PushObserver observer) {
        this.observer = observer;
        this.hub = hub;
        this.authenticator = authenticator;
        this.config = config;
        this.time = time;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(DiscoveryMethod.SERVICE)
                .addMethod(DiscoveryMethod.DELTA, this::open)
                .build();
    }

    /** All connected proxies that have said who they are, ordered by node id. */
    public List<ConnectionStatus> connections() {
        return sessions.stream()
                .map(Session::status)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .sorted(Comparator.comparing(ConnectionStatus::nodeId))
                .toList();
    }

    /** Open streams, those of proxies that have not said who they are included. */
    public int streams() {
        return streams.get();
    }

    private ServerCall.Listener<DeltaRequest> open(ServerCall<DeltaRequest, DeltaResponse> call, Metadata headers) {
        if (streams.incrementAndGet() > config.maxStreams()) {
            streams.decrementAndGet();
            call.close(Status.RESOURCE_EXHAUSTED.withDescription("too many discovery streams"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        var mailbox = new Mailbox();
        var session = new Session(call, Callers.current(), hub, authenticator, config, time.now(), mailbox, observer);
        sessions.add(session);
        try {
            threads.execute(() -> {
                try {
                    session.run();
                } finally {
                    sessions.remove(session);
                    streams.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            sessions.remove(session);
            streams.decrementAndGet();
            call.close(Status.UNAVAILABLE.withDescription("the control plane is stopping"), new Metadata());
        }
        return new Events(mailbox);
    }

    /** Interrupts all sessions: their clients connect again, to whoever serves then. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Passes the transport's events on to the session. Thread-safe, as the mailbox is. */
    private static final class Events extends ServerCall.Listener<DeltaRequest> {
        private final Mailbox mailbox;

        Events(Mailbox mailbox) {
            this.mailbox = mailbox;
        }

        @Override
        public void onMessage(DeltaRequest request) {
            mailbox.put(request);
        }

        @Override
        public void onReady() {
            mailbox.signal();
        }

        @Override
        public void onHalfClose() {
            mailbox.end();
        }

        @Override
        public void onCancel() {
            mailbox.end();
        }
    }
}
