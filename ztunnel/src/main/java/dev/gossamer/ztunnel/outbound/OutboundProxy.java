package dev.gossamer.ztunnel.outbound;

import dev.gossamer.net.hbone.HboneConfig;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.telemetry.Reports;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What one workload sends. Thread-safe: each connection, and each pool of tunnels, is its event loop's own. */
public final class OutboundProxy {
    private final LocalPod pod;
    private final ZtunnelConfig config;
    private final Reports reports;
    private final HboneConfig tunnels;
    private final WindowBudget budget;
    private final Router router;
    private final Function<EpollSocketChannel, InetSocketAddress> originalDestination;
    private final ConcurrentHashMap<EventLoop, TunnelPool> pools = new ConcurrentHashMap<>();

    /**
     * @param budget for what peers may have sent ahead; the process's
     * @param originalDestination where the workload wanted to connect when it was captured
     */
    public OutboundProxy(
            LocalPod pod,
            ZtunnelConfig config,
            Reports reports,
            WindowBudget budget,
            Function<EpollSocketChannel, InetSocketAddress> originalDestination) {
        this.pod = pod;
        this.config = config;
        this.reports = reports;
        this.budget = budget;
        this.originalDestination = originalDestination;
        this.router = new Router(config.node().network(), config.ports().peerInbound());
        var numbers = config.tunnels();
        var defaults = HboneConfig.client();
        this.tunnels = new HboneConfig(
                numbers.streamWindow(),
                numbers.connectionWindow(),
                numbers.frameSize(),
                numbers.maxStreams(),
                defaults.headerListBytes(),
                defaults.pingInterval(),
                defaults.pingTimeout(),
                defaults.drainTimeout());
    }

    /** For the listener of captured connections. */
    public ChannelHandler onAccepted() {
        return new ChannelInitializer<EpollSocketChannel>() {
            @Override
            protected void initChannel(EpollSocketChannel client) {
                Relay.configure(client);
                // Not now: Netty has yet to register the channel's first events.
                client.eventLoop().execute(() -> new OutboundConnection(OutboundProxy.this, client).start());
            }
        };
    }

    /** Lets open connections go on; their tunnels close behind the last of them. */
    public void drain() {
        pools.forEach((loop, pool) -> loop.execute(pool::drain));
    }

    TunnelPool pool(EventLoop loop) {
        return pools.computeIfAbsent(
                loop,
                _ -> new TunnelPool(
                        loop,
                        pod.sockets(),
                        tunnels,
                        budget,
                        config.sockets().handshakeTimeout(),
                        config.tunnels().idleRelease()));
    }

    InetSocketAddress originalDestination(EpollSocketChannel client) {
        return originalDestination.apply(client);
    }

    LocalPod pod() {
        return pod;
    }

    ZtunnelConfig config() {
        return config;
    }

    Reports reports() {
        return reports;
    }

    Router router() {
        return router;
    }
}
