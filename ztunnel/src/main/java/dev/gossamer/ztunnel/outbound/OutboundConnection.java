package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.net.relay.CloseReason;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.net.relay.RelayCounts;
import dev.gossamer.net.relay.RelayListener;
import dev.gossamer.ztunnel.outbound.RouteDecision.Upstream;
import dev.gossamer.ztunnel.pod.LiveConnection;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts.End;
import dev.gossamer.ztunnel.telemetry.ConnectionReport;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One captured connection, from its being accepted to its end.
 *
 * <p>The client has been told that it is connected before we know whether it can be: what then fails, it sees as a
 * close. Nothing is read from it before its upstream is ready. Confined to the channel's event loop.
 */
final class OutboundConnection implements LiveConnection {
    private final OutboundProxy proxy;
    private final EpollSocketChannel client;
    private final InetSocketAddress clientAddress;
    private final long startNanos;
    /** Until the relay runs, nobody else would notice that the client gave up. */
    private final GenericFutureListener<Future<Void>> clientGone = this::onClientGone;

    private @Nullable Runnable pending;
    private @Nullable ConnectionReport report;
    private @Nullable Relay relay;
    private boolean closed;

    OutboundConnection(OutboundProxy proxy, EpollSocketChannel client) {
        this.proxy = proxy;
        this.client = client;
        this.clientAddress = remote(client);
        this.startNanos = proxy.reports().nanoTime();
    }

    /** A client that is gone already has no address any more. */
    private static InetSocketAddress remote(EpollSocketChannel client) {
        var remote = client.remoteAddress();
        return remote == null ? new InetSocketAddress(0) : PodSockets.canonical(remote);
    }

    void start() {
        if (!client.isActive()) {
            return;
        }
        var original = PodSockets.canonical(proxy.originalDestination(client));
        if (isLoop(original)) {
            denyEarly(original, "connection to a port of the proxy itself: " + original.getPort());
            return;
        }
        proxy.pod().awaitWorkload(loop(), workload -> {
            if (workload == null) {
                denyEarly(original, proxy.pod().unknownReason());
            } else if (client.isActive()) {
                route(workload, original);
            }
        });
    }

    /** A connection that nobody redirected, or one to a port of ours on loopback, would be captured for ever. */
    private boolean isLoop(InetSocketAddress original) {
        if (!proxy.config().ports().isIllegalDestination(original.getPort())) {
            return false;
        }
        var local = client.localAddress();
        return original.getAddress().isLoopbackAddress()
                || local != null && PodSockets.canonical(local).equals(original);
    }

    private void denyEarly(InetSocketAddress original, String reason) {
        proxy.reports().denyEarly(Direction.OUTBOUND, clientAddress, original, reason);
        closed = true;
        var _ = client.close();
    }

    private void route(Workload source, InetSocketAddress original) {
        var request = new Router.Request(source, clientAddress.getAddress(), original);
        var decision = proxy.router().decide(proxy.pod().mesh().view(), request, ThreadLocalRandom.current());
        switch (decision) {
            case RouteDecision.Passthrough(var target, var service) -> {
                open(source, false, new End(target, null, null), null, service);
                new TcpDial(this).connect(target);
            }
            case RouteDecision.Direct(var target, Upstream(var workload, var service)) -> {
                open(source, false, new End(target, workload, null), null, service);
                new TcpDial(this).connect(target);
            }
            case RouteDecision.Hbone(var tunnel, var authority, var expected, Upstream(var workload, var service)) -> {
                open(source, true, new End(tunnel, workload, workload.identity()), authority, service);
                tunnel(source, tunnel, authority, expected, service);
            }
            case RouteDecision.ViaWaypoint(var tunnel, var authority, var expected, var waypoint, var service) -> {
                open(source, true, new End(tunnel, waypoint, waypoint.identity()), authority, service);
                tunnel(source, tunnel, authority, expected, service);
            }
            case RouteDecision.Error error -> denyEarly(original, error.reason());
        }
    }

    private void tunnel(
            Workload source,
            InetSocketAddress tunnel,
            String authority,
            Set<SpiffeId> expected,
            @Nullable Service service) {
        var headers = TunnelHeaders.request(source, clientAddress, service, ThreadLocalRandom.current());
        var peer = new TunnelPool.Peer(source.identity(), expected, tunnel);
        new TunnelDial(this, peer, authority, headers).connect();
    }

    private void open(
            Workload source,
            boolean mutualTls,
            End destination,
            @Nullable String authority,
            @Nullable Service service) {
        var from = new End(clientAddress, source, mutualTls ? source.identity() : null);
        var facts = new ConnectionFacts(Direction.OUTBOUND, from, destination, authority, service);
        report = proxy.reports().open(facts, startNanos);
        proxy.pod().connections().add(this);
        var _ = client.closeFuture().addListener(clientGone);
    }

    private void onClientGone(Future<Void> closed) {
        if (pending != null) {
            pending.run();
        }
        fail(CloseCode.OK, null);
    }

    /** {@code abandon}: what to do if the client gives up before bytes flow. */
    void whenClientGone(Runnable abandon) {
        pending = abandon;
    }

    /** Bytes may flow from now on. */
    void begin(Function<RelayListener, Relay> start) {
        // From here on the relay notices that the client is gone; and what led here may be forgotten.
        client.closeFuture().removeListener(clientGone);
        pending = null;
        relay = start.apply(this::onRelayClosed);
    }

    private void onRelayClosed(CloseReason reason, RelayCounts counts) {
        switch (reason) {
            // Applications end connections by a reset, too; that is no failure of ours.
            case CloseReason.Finished _, CloseReason.Reset _ -> close(CloseCode.OK, null, counts);
            case CloseReason.TunnelLost lost ->
                close(CloseCode.CONNECT_FAILURE, "connection failed: " + lost.reason(), counts);
            case CloseReason.Cut(var why) -> close(CloseCode.OK, why, counts);
            case CloseReason.Failed(var why) -> close(CloseCode.CONNECT_FAILURE, why, counts);
        }
    }

    /** There is no upstream. */
    void fail(CloseCode code, @Nullable String error) {
        close(code, error, new RelayCounts(0, 0));
        var _ = client.close();
    }

    private void close(CloseCode code, @Nullable String error, RelayCounts counts) {
        if (closed) {
            return;
        }
        closed = true;
        proxy.pod().connections().remove(this);
        report().close(code, error, counts.fromClient(), counts.fromServer());
    }

    /** Whether it ended, so that whoever still works on its upstream can stop. */
    boolean isClosed() {
        return closed;
    }

    EpollSocketChannel client() {
        return client;
    }

    OutboundProxy proxy() {
        return proxy;
    }

    private ConnectionReport report() {
        return Objects.requireNonNull(report, "a connection is tracked from its report on");
    }

    @Override
    public EventLoop loop() {
        return client.eventLoop();
    }

    @Override
    public ConnectionFacts facts() {
        return report().facts();
    }

    @Override
    public void count() {
        if (relay != null) {
            var counts = relay.counts();
            report().count(counts.fromClient(), counts.fromServer());
        }
    }

    @Override
    public void cut(String reason) {
        if (relay != null) {
            relay.cut(reason);
        } else {
            fail(CloseCode.OK, reason);
        }
    }
}
