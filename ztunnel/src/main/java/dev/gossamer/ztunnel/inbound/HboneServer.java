package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.policy.ConnectionAttributes;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.net.hbone.ConnectHandler;
import dev.gossamer.net.hbone.ConnectRequest;
import dev.gossamer.net.hbone.ConnectionEnd;
import dev.gossamer.net.hbone.ErrorCode;
import dev.gossamer.net.hbone.HboneConfig;
import dev.gossamer.net.hbone.HboneConnection;
import dev.gossamer.net.hbone.HboneHeaders;
import dev.gossamer.net.hbone.HboneStream;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.net.relay.RelayListener;
import dev.gossamer.net.tls.TlsHandler;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.pod.WorkloadTls;
import dev.gossamer.ztunnel.telemetry.Baggage;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts.End;
import dev.gossamer.ztunnel.telemetry.Reports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes tunnels to one workload and hands their streams to its application. Thread-safe. */
public final class HboneServer {
    private final LocalPod pod;
    private final ZtunnelConfig config;
    private final Reports reports;
    private final WindowBudget budget;
    private final HboneConfig tunnels;
    private final DestinationCheck check;
    private final Authorization authorization = new Authorization();
    private final Set<HboneConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** {@code budget}: for what peers may have sent ahead; the process's. */
    public HboneServer(LocalPod pod, ZtunnelConfig config, Reports reports, WindowBudget budget) {
        this.pod = pod;
        this.config = config;
        this.reports = reports;
        this.budget = budget;
        this.check = new DestinationCheck(config.node().network(), config.ports());
        var numbers = config.tunnels();
        var defaults = HboneConfig.server();
        this.tunnels = new HboneConfig(
                numbers.streamWindow(),
                numbers.connectionWindow(),
                numbers.frameSize(),
                defaults.streams(),
                defaults.headerListBytes(),
                defaults.pingInterval(),
                defaults.pingTimeout(),
                defaults.drainTimeout());
    }

    /** For the listener of tunnels. */
    public ChannelHandler onAccepted() {
        return new ChannelInitializer<EpollSocketChannel>() {
            @Override
            protected void initChannel(EpollSocketChannel channel) {
                channel.eventLoop().execute(() -> begin(channel));
            }
        };
    }

    /** Asks peers to open no more streams, and closes each tunnel behind its last one. */
    public void drain() {
        draining = true;
        open.forEach(connection -> connection.channel().eventLoop().execute(connection::drain));
    }

    private void begin(EpollSocketChannel channel) {
        var remote = channel.remoteAddress();
        if (remote == null) {
            return;
        }
        var peer = PodSockets.canonical(remote);
        var local = PodSockets.canonical(channel.localAddress());
        pod.awaitWorkload(channel.eventLoop(), workload -> {
            if (workload == null) {
                denyEarly(peer, local, pod.unknownReason());
                var _ = channel.close();
                return;
            }
            pod.certificates().get(workload.identity(), channel.eventLoop(), outcome -> {
                switch (outcome) {
                    case Certificates.Outcome.Ready(var tls) -> secure(channel, tls, peer, local);
                    case Certificates.Outcome.Unavailable(var reason) -> {
                        denyEarly(peer, local, "identity error: " + reason);
                        var _ = channel.close();
                    }
                }
            });
        });
    }

    private void secure(EpollSocketChannel channel, WorkloadTls tls, InetSocketAddress peer, InetSocketAddress local) {
        if (!channel.isActive()) {
            return;
        }
        var handshake = TlsHandler.server(
                tls.credentials(), tls.clientCheck(), config.sockets().handshakeTimeout());
        channel.pipeline()
                .addLast("tls", handshake)
                .addLast("hbone", HboneConnection.server(tunnels, budget, new Tunnel(tls, peer, local)));
        // HTTP/2's windows say how much may come: the channel itself always reads.
        channel.config().setAutoRead(true);
    }

    private void denyEarly(InetSocketAddress peer, InetSocketAddress local, String reason) {
        reports.denyEarly(Direction.INBOUND, peer, local, reason);
    }

    /** One peer's tunnel. Confined to its event loop. */
    private final class Tunnel implements ConnectHandler {
        private final WorkloadTls tls;
        private final InetSocketAddress peer;
        private final InetSocketAddress local;
        private boolean established;

        Tunnel(WorkloadTls tls, InetSocketAddress peer, InetSocketAddress local) {
            this.tls = tls;
            this.peer = peer;
            this.local = local;
        }

        @Override
        public void onEstablished(HboneConnection connection) {
            established = true;
            open.add(connection);
            if (draining) {
                connection.drain();
            }
        }

        @Override
        public void onClosed(HboneConnection connection, ConnectionEnd end) {
            open.remove(connection);
            if (!established) {
                denyEarly(peer, local, "tls handshake error: " + end.reason());
            }
        }

        @Override
        public void onConnect(ConnectRequest request, HboneStream stream) {
            var view = pod.mesh().view();
            var workload = pod.workload();
            var decision = check.decide(
                    view,
                    workload,
                    new DestinationCheck.Request(
                            request.method(),
                            request.authority(),
                            local.getAddress(),
                            request.headers().get("forwarded")));
            switch (decision) {
                case InboundDecision.Refuse(var status, var reason) -> {
                    denyEarly(peer, local, reason);
                    stream.reject(status);
                }
                case InboundDecision.Connect connect
                when workload != null -> connect(request, stream, workload, connect);
                case InboundDecision.Connect _ -> stream.reject(503);
            }
        }

        private void connect(
                ConnectRequest request, HboneStream stream, Workload workload, InboundDecision.Connect connect) {
            var view = pod.mesh().view();
            var source = view.workloadAt(new NetworkAddress(config.node().network(), peer.getAddress()));
            var facts = new ConnectionFacts(
                    Direction.INBOUND,
                    new End(peer, source, request.peer()),
                    new End(local, workload, tls.svid().identity()),
                    request.authority(),
                    connect.service());
            var attributes = new ConnectionAttributes(
                    request.peer(),
                    peer.getAddress(),
                    connect.target().getAddress(),
                    connect.target().getPort());
            var report = reports.open(facts, reports.nanoTime());
            var loop = stream.connection().channel().eventLoop();
            new InboundConnection(pod, loop, new StreamClient(stream, workload), attributes, report, authorization)
                    .connect(connect.target());
        }
    }

    /** A stream, as the client of a connection. Confined to the stream's event loop. */
    private final class StreamClient implements InboundConnection.Client {
        private final HboneStream stream;
        private final Workload workload;

        StreamClient(HboneStream stream, Workload workload) {
            this.stream = stream;
            this.workload = workload;
        }

        @Override
        public void deny() {
            stream.reject(401);
        }

        @Override
        public void unreachable() {
            stream.reject(503);
        }

        @Override
        public Relay start(Channel application, RelayListener listener) {
            stream.accept(
                    config.tunnels().responseBaggage()
                            ? HboneHeaders.of("baggage", Baggage.of(workload))
                            : HboneHeaders.NONE);
            return Relay.outOfTunnel(stream, application, listener);
        }

        @Override
        public boolean isGone() {
            return stream.isClosed();
        }

        @Override
        public void abandon() {
            stream.reset(ErrorCode.CANCEL);
        }
    }
}
