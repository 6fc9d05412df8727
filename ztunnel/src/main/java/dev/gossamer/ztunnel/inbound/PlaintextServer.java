package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.policy.ConnectionAttributes;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.net.relay.RelayListener;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts.End;
import dev.gossamer.ztunnel.telemetry.Reports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Function;

/** Takes connections from outside the mesh to one workload: without an identity, but by the same policies. Thread-safe. */
public final class PlaintextServer {
    private final LocalPod pod;
    private final ZtunnelConfig config;
    private final Reports reports;
    private final Function<EpollSocketChannel, InetSocketAddress> originalDestination;
    private final Authorization authorization = new Authorization();

    /** {@code originalDestination}: where the peer wanted to connect when it was captured. */
    public PlaintextServer(
            LocalPod pod,
            ZtunnelConfig config,
            Reports reports,
            Function<EpollSocketChannel, InetSocketAddress> originalDestination) {
        this.pod = pod;
        this.config = config;
        this.reports = reports;
        this.originalDestination = originalDestination;
    }

    /** For the listener of captured connections. */
    public ChannelHandler onAccepted() {
        return new ChannelInitializer<EpollSocketChannel>() {
            @Override
            protected void initChannel(EpollSocketChannel channel) {
                Relay.configure(channel);
                channel.eventLoop().execute(() -> begin(channel));
            }
        };
    }

    private void begin(EpollSocketChannel channel) {
        var remote = channel.remoteAddress();
        if (remote == null) {
            return;
        }
        var peer = PodSockets.canonical(remote);
        var target = PodSockets.canonical(originalDestination.apply(channel));
        if (config.ports().isIllegalDestination(target.getPort())) {
            deny(channel, peer, target, "connection to a port of the proxy itself: " + target.getPort());
            return;
        }
        pod.awaitWorkload(channel.eventLoop(), workload -> {
            if (workload == null) {
                deny(channel, peer, target, pod.unknownReason());
            } else if (channel.isActive()) {
                connect(channel, peer, target, workload);
            }
        });
    }

    private void deny(EpollSocketChannel channel, InetSocketAddress peer, InetSocketAddress target, String reason) {
        reports.denyEarly(Direction.INBOUND, peer, target, reason);
        var _ = channel.close();
    }

    private void connect(
            EpollSocketChannel channel, InetSocketAddress peer, InetSocketAddress target, Workload workload) {
        var view = pod.mesh().view();
        var source = view.workloadAt(new NetworkAddress(config.node().network(), peer.getAddress()));
        var facts = new ConnectionFacts(
                Direction.INBOUND,
                new End(peer, source, null),
                new End(target, workload, null),
                null,
                DestinationCheck.meant(view, workload, null, target.getPort()));
        var attributes = new ConnectionAttributes(null, peer.getAddress(), target.getAddress(), target.getPort());
        new InboundConnection(
                        pod,
                        channel.eventLoop(),
                        new SocketClient(channel),
                        attributes,
                        reports.open(facts, reports.nanoTime()),
                        authorization)
                .connect(target);
    }

    /** A socket, as the client of a connection. Confined to the socket's event loop. */
    private record SocketClient(Channel channel) implements InboundConnection.Client {
        @Override
        public void deny() {
            var _ = channel.close();
        }

        @Override
        public void unreachable() {
            var _ = channel.close();
        }

        @Override
        public Relay start(Channel application, RelayListener listener) {
            return Relay.tcp(channel, application, listener);
        }

        @Override
        public boolean isGone() {
            return !channel.isActive();
        }

        @Override
        public void abandon() {
            var _ = channel.close();
        }
    }
}
