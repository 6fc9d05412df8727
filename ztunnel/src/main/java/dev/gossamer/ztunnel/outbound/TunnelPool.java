package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.hbone.ConnectionEnd;
import dev.gossamer.net.hbone.ConnectionListener;
import dev.gossamer.net.hbone.HboneConfig;
import dev.gossamer.net.hbone.HboneConnection;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.tls.TlsHandler;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.pod.WorkloadTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tunnels of one workload on one event loop, by peer.
 *
 * <p>Every loop has a pool of its own: no locks, and a stream never changes threads. The price is up to one tunnel per
 * peer <em>and loop</em>. A workload has its own because its tunnels come from its address, which is all that the other
 * side knows of where a connection is from. Confined to {@code loop}.
 */
final class TunnelPool {
    /**
     * Whom a tunnel leads to. The source's identity is part of the key: a tunnel speaks for one workload and must never
     * carry another's bytes.
     */
    record Peer(SpiffeId source, Set<SpiffeId> expected, InetSocketAddress address) {}

    /** How often idle tunnels are looked for, as a part of how long they may be idle. */
    private static final int SWEEPS_PER_RELEASE = 4;

    private final EventLoop loop;
    private final PodSockets sockets;
    private final HboneConfig config;
    private final WindowBudget budget;
    private final Duration handshakeTimeout;
    private final Duration idleRelease;
    private final Map<Peer, PeerTunnels> peers = new HashMap<>();
    private @Nullable ScheduledFuture<?> sweep;
    private boolean draining;

    TunnelPool(
            EventLoop loop,
            PodSockets sockets,
            HboneConfig config,
            WindowBudget budget,
            Duration handshakeTimeout,
            Duration idleRelease) {
        this.loop = loop;
        this.sockets = sockets;
        this.config = config;
        this.budget = budget;
        this.handshakeTimeout = handshakeTimeout;
        this.idleRelease = idleRelease;
    }

    /** Calls {@code then} with a tunnel that has room, at once if there is one. {@code tls}: the source's, as of now. */
    void acquire(Peer peer, WorkloadTls tls, Consumer<TunnelOutcome> then) {
        assert loop.inEventLoop();
        peers.computeIfAbsent(peer, PeerTunnels::new).acquire(tls, then);
    }

    /** Lets open streams go on; a tunnel that is made from now on, for what was accepted before, takes just one turn. */
    void drain() {
        assert loop.inEventLoop();
        draining = true;
        for (var peer : List.copyOf(peers.values())) {
            List.copyOf(peer.open).forEach(tunnel -> tunnel.connection.drain());
        }
        stopSweeping();
    }

    /** Open tunnels, for tests and admin pages. */
    int size() {
        return peers.values().stream().mapToInt(peer -> peer.open.size()).sum();
    }

    private void sweep() {
        long now = System.nanoTime();
        for (var peer : List.copyOf(peers.values())) {
            for (var tunnel : List.copyOf(peer.open)) {
                boolean idle = tunnel.connection.activeStreams() == 0;
                if (idle && now - tunnel.lastUsedNanos > idleRelease.toNanos()) {
                    tunnel.connection.drain();
                }
            }
        }
    }

    private void startSweeping() {
        if (sweep == null && !draining) {
            long period = Math.max(1, idleRelease.toMillis() / SWEEPS_PER_RELEASE);
            sweep = loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
        }
    }

    private void stopSweeping() {
        if (sweep != null) {
            sweep.cancel(false);
            sweep = null;
        }
    }

    /** All tunnels to one peer, and who waits for one. */
    private final class PeerTunnels {
        private record Waiting(WorkloadTls tls, Consumer<TunnelOutcome> then) {}

        private final Peer peer;
        private final List<Tunnel> open = new ArrayList<>(1);
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);
        private boolean connecting;

        PeerTunnels(Peer peer) {
            this.peer = peer;
        }

        void acquire(WorkloadTls tls, Consumer<TunnelOutcome> then) {
            var ready = take(tls);
            if (ready != null) {
                then.accept(new TunnelOutcome.Ready(ready));
                return;
            }
            waiting.add(new Waiting(tls, then));
            connectIfNeeded();
        }

        private @Nullable HboneConnection take(WorkloadTls tls) {
            for (int i = open.size() - 1; i >= 0; i--) {
                var tunnel = open.get(i);
                if (tunnel.tls != tls) {
                    // Our certificate was renewed: what goes on may go on, what begins proves itself with the new one.
                    tunnel.connection.drain();
                } else if (tunnel.connection.canOpen()) {
                    tunnel.lastUsedNanos = System.nanoTime();
                    return tunnel.connection;
                }
            }
            return null;
        }

        private void connectIfNeeded() {
            var first = waiting.peek();
            if (first != null && !connecting) {
                connecting = true;
                new Tunnel(this, first.tls).connect();
            }
        }

        void onEstablished(Tunnel tunnel) {
            connecting = false;
            open.add(tunnel);
            startSweeping();
            serveWaiting();
            if (draining) {
                tunnel.connection.drain();
            }
        }

        private void serveWaiting() {
            while (!waiting.isEmpty()) {
                var ready = take(waiting.peek().tls);
                if (ready == null) {
                    connectIfNeeded();
                    return;
                }
                waiting.remove().then.accept(new TunnelOutcome.Ready(ready));
            }
        }

        void onFailed(TunnelOutcome.Failed failure) {
            connecting = false;
            var all = List.copyOf(waiting);
            waiting.clear();
            forgetIfUnused();
            all.forEach(each -> each.then.accept(failure));
        }

        void onGone(Tunnel tunnel) {
            open.remove(tunnel);
            forgetIfUnused();
        }

        private void forgetIfUnused() {
            if (open.isEmpty() && waiting.isEmpty() && !connecting) {
                peers.remove(peer, this);
                if (peers.isEmpty()) {
                    stopSweeping();
                }
            }
        }
    }

    /** One connection to a peer. */
    private final class Tunnel implements ConnectionListener {
        private final PeerTunnels peer;
        private final WorkloadTls tls;
        private final HboneConnection connection = HboneConnection.client(config, budget, this);
        private long lastUsedNanos = System.nanoTime();
        private boolean established;
        private boolean failed;

        Tunnel(PeerTunnels peer, WorkloadTls tls) {
            this.peer = peer;
            this.tls = tls;
        }

        void connect() {
            var address = peer.peer.address;
            sockets.dial(loop, address, pipeline(), new PodSockets.DialListener() {
                @Override
                public void onConnected(Channel channel) {
                    // onEstablished or onClosed tells how it goes on.
                }

                @Override
                public void onFailed(Throwable cause) {
                    fail(dialFailure(cause, address));
                }
            });
        }

        private ChannelInitializer<Channel> pipeline() {
            var check = tls.serverCheck(peer.peer.expected);
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    // HTTP/2's windows say how much may come: the channel itself always reads.
                    channel.config().setAutoRead(true);
                    channel.pipeline()
                            .addLast("tls", TlsHandler.client(tls.credentials(), check, handshakeTimeout))
                            .addLast("hbone", connection);
                }
            };
        }

        private void fail(TunnelOutcome.Failed failure) {
            if (!failed && !established) {
                failed = true;
                peer.onFailed(failure);
            }
        }

        @Override
        public void onEstablished(HboneConnection up) {
            if (!failed) {
                established = true;
                peer.onEstablished(this);
            }
        }

        @Override
        public void onCapacity(HboneConnection freed) {
            lastUsedNanos = System.nanoTime();
            peer.serveWaiting();
        }

        @Override
        public void onDraining(HboneConnection draining) {
            peer.onGone(this);
        }

        @Override
        public void onClosed(HboneConnection gone, ConnectionEnd end) {
            if (established) {
                peer.onGone(this);
                return;
            }
            switch (end) {
                case ConnectionEnd.TlsFailed(var reason) ->
                    fail(new TunnelOutcome.Failed(CloseCode.TLS_FAILURE, "tls error: " + reason));
                case ConnectionEnd.ProtocolFailed protocol ->
                    fail(new TunnelOutcome.Failed(CloseCode.H2_HANDSHAKE_FAILURE, "h2 failed: " + protocol.reason()));
                // A dial that failed is reported by its own future, with the cause.
                case ConnectionEnd.Lost _, ConnectionEnd.Finished _ ->
                    loop.execute(() -> fail(
                            new TunnelOutcome.Failed(CloseCode.CONNECT_FAILURE, "connection failed: " + end.reason())));
            }
        }
    }

    private static TunnelOutcome.Failed dialFailure(Throwable cause, InetSocketAddress address) {
        if (cause instanceof ConnectTimeoutException) {
            return new TunnelOutcome.Failed(
                    CloseCode.NETWORK_POLICY,
                    "connection timed out, maybe a NetworkPolicy is blocking HBONE port " + address.getPort() + ": "
                            + AccessRecord.hostAndPort(address));
        }
        return new TunnelOutcome.Failed(CloseCode.CONNECT_FAILURE, "connection failed: " + cause.getMessage());
    }
}
