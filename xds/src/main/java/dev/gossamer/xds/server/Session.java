package dev.gossamer.xds.server;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.NodeInfo;
import dev.gossamer.xds.delta.ResourceSnapshot;
import dev.gossamer.xds.delta.ServerSubscription;
import dev.gossamer.xds.delta.TypeUrl;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of one proxy.
 *
 * <p>Confined to its own virtual thread, which alone touches the call and the subscriptions; what others may see is
 * published as {@link #status}.
 */
final class Session implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    /** Types that one stream may subscribe to: the known ones, and room for those of newer proxies. */
    private static final int MAX_TYPES = 16;
    /** What is kept of a client's refusal. */
    private static final int MAX_ERROR = 2_000;

    private final ServerCall<DeltaRequest, DeltaResponse> call;
    private final CallerCredentials caller;
    private final SnapshotHub hub;
    private final StreamAuthenticator authenticator;
    private final DiscoveryConfig config;
    private final Instant connectedAt;
    private final Mailbox mailbox;
    private final PushObserver observer;
    /** In the order of their first requests, which is that in which a proxy wants its answers. */
    private final Map<TypeUrl, ServerSubscription> subscriptions = new LinkedHashMap<>();

    private volatile @Nullable ConnectionStatus status;

    Session(
            ServerCall<DeltaRequest, DeltaResponse> call,
            CallerCredentials caller,
            SnapshotHub hub,
            StreamAuthenticator authenticator,
            DiscoveryConfig config,
            Instant connectedAt,
            Mailbox mailbox,
            PushObserver observer) {
        this.call = call;
        this.caller = caller;
        this.hub = hub;
        this.authenticator = authenticator;
        this.config = config;
        this.connectedAt = connectedAt;
        this.mailbox = mailbox;
        this.observer = observer;
    }

    /** How far the proxy is; absent until it has said who it is. For any thread. */
    @Nullable
    ConnectionStatus status() {
        return status;
    }

    /** Ends the stream by itself when it must; the end of the client's side ends it, too. */
    @Override
    public void run() {
        Runnable wake = mailbox::signal;
        hub.addListener(wake);
        try {
            serve();
            close(Status.OK);
        } catch (Ended e) {
            LOG.info("ended the discovery stream of {}: {}", caller.remoteAddress(), e.status.getDescription());
            close(e.told);
        } catch (InterruptedException e) {
            close(Status.UNAVAILABLE.withDescription("the control plane is stopping"));
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the discovery stream of {} failed", caller.remoteAddress(), e);
            close(Status.INTERNAL.withDescription("the session failed"));
        } finally {
            hub.removeListener(wake);
        }
    }

    private void serve() throws Ended, InterruptedException {
        // Before any request is taken in: who is not known costs no more than headers.
        var identity = authenticate();
        call.sendHeaders(new Metadata());
        call.request(1);
        var first = mailbox.await(config.firstRequestTimeout());
        if (first == null) {
            if (mailbox.hasEnded()) {
                return;
            }
            throw new Ended(Status.DEADLINE_EXCEEDED.withDescription(
                    "no request within " + config.firstRequestTimeout().toSeconds() + " s"));
        }
        var node = introduce(first, identity);
        LOG.info("serving {} as {} from {}", node.id(), identity, caller.remoteAddress());
        handle(first);
        while (true) {
            for (var request = mailbox.poll(); request != null; request = mailbox.poll()) {
                handle(request);
            }
            if (mailbox.hasEnded()) {
                return;
            }
            send();
            publishStatus(node, identity);
            mailbox.await();
        }
    }

    private SpiffeId authenticate() throws Ended, InterruptedException {
        try {
            return authenticator.authenticate(caller);
        } catch (CallerRejectedException e) {
            throw new Ended(
                    Status.UNAUTHENTICATED.withDescription(e.getMessage()),
                    Status.UNAUTHENTICATED.withDescription("authentication failure"));
        }
    }

    private NodeInfo introduce(DeltaRequest first, SpiffeId identity) throws Ended {
        var node = first.node();
        if (node == null) {
            throw new Ended(Status.INVALID_ARGUMENT.withDescription("the first request names no node"));
        }
        var malformed = NodeIdentity.malformed(node);
        if (malformed != null) {
            throw new Ended(Status.INVALID_ARGUMENT.withDescription(malformed));
        }
        var mismatch = NodeIdentity.mismatch(node, identity);
        if (mismatch != null) {
            throw new Ended(Status.PERMISSION_DENIED.withDescription(mismatch));
        }
        return node;
    }

    private void handle(DeltaRequest request) throws Ended {
        var subscription = subscriptions.get(request.type());
        if (subscription == null) {
            if (subscriptions.size() == MAX_TYPES) {
                throw new Ended(
                        Status.RESOURCE_EXHAUSTED.withDescription("more than " + MAX_TYPES + " resource types"));
            }
            subscription = new ServerSubscription(request.type(), config.maxResponseBytes());
            subscriptions.put(request.type(), subscription);
        }
        subscription.onRequest(request);
        if (request.error() != null) {
            observer.onReject(request.type());
            LOG.warn("{} refused part of {}: {}", caller.remoteAddress(), request.type(), bounded(request.error()));
        }
        call.request(1);
    }

    /**
     * Brings every type as far as it may go. While the transport has no room, newer snapshots pass by.
     *
     * <p>Policies go first, and the rest waits until they are answered: a workload never arrives before the policies
     * that it lists, as it would be open to all until they do.
     */
    private void send() throws InterruptedException {
        awaitRoom();
        var newest = hub.current();
        if (newest.version() == ResourceSnapshot.EMPTY.version()) {
            return;
        }
        var policies = subscriptions.get(TypeUrl.AUTHORIZATION);
        if (policies != null) {
            send(policies, newest);
            if (policies.isAwaitingAnswer()) {
                return;
            }
        }
        for (var subscription : subscriptions.values()) {
            if (subscription != policies) {
                awaitRoom();
                send(subscription, newest);
            }
        }
    }

    private void send(ServerSubscription subscription, ResourceSnapshot newest) {
        var response = subscription.next(newest);
        if (response != null) {
            call.sendMessage(response);
            observer.onPush(response.type(), newest.version());
        }
    }

    private void awaitRoom() throws InterruptedException {
        while (!call.isReady() && !mailbox.hasEnded() && !call.isCancelled()) {
            mailbox.awaitSignal();
        }
    }

    private void publishStatus(NodeInfo node, SpiffeId identity) {
        var types = new HashMap<TypeUrl, ConnectionStatus.Subscription>();
        subscriptions.forEach((type, subscription) -> {
            var progress = subscription.progress();
            types.put(
                    type,
                    new ConnectionStatus.Subscription(
                            progress.wildcard(),
                            progress.resources(),
                            progress.sentVersion(),
                            progress.ackedVersion(),
                            progress.lastNonce(),
                            bounded(progress.error())));
        });
        status = new ConnectionStatus(node.id(), identity, caller.remoteAddress(), connectedAt, types);
    }

    private static @Nullable String bounded(@Nullable String text) {
        return text == null || text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR) + "…";
    }

    private void close(Status with) {
        if (!call.isCancelled()) {
            call.close(with, new Metadata());
        }
    }

    /** The stream cannot go on. {@code told}: what the client learns of it. */
    private static final class Ended extends Exception {
        private final transient Status status;
        private final transient Status told;

        Ended(Status status) {
            this(status, status);
        }

        Ended(Status status, Status told) {
            super(status.getDescription(), null, false, false);
            this.status = status;
            this.told = told;
        }
    }
}
