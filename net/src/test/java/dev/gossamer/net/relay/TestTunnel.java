package dev.gossamer.net.relay;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.net.hbone.ConnectHandler;
import dev.gossamer.net.hbone.ConnectRequest;
import dev.gossamer.net.hbone.ConnectionEnd;
import dev.gossamer.net.hbone.ConnectionListener;
import dev.gossamer.net.hbone.HboneConfig;
import dev.gossamer.net.hbone.HboneConnection;
import dev.gossamer.net.hbone.HboneHeaders;
import dev.gossamer.net.hbone.HboneStream;
import dev.gossamer.net.hbone.StreamEnd;
import dev.gossamer.net.hbone.StreamListener;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.net.tls.TestCertificates;
import dev.gossamer.net.tls.TlsHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A client proxy and a server proxy, joined by one tunnel over loopback: what connects to {@link #entry} comes out at the
 * backend. One loop each.
 */
final class TestTunnel implements AutoCloseable, ConnectionListener, ConnectHandler {
    private static final SpiffeId IDENTITY = new SpiffeId("cluster.local", "shop", "cart");

    /** How a relay ended. */
    record Ended(CloseReason reason, RelayCounts counts) {}

    final LinkedBlockingQueue<Ended> clientRelays = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Ended> serverRelays = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<Relay> openServerRelays = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<ConnectionEnd> ends = new LinkedBlockingQueue<>();
    final WindowBudget budget;
    final HboneConnection tunnel;
    private final InetSocketAddress backend;
    private final Loops clientLoops = Loops.start("client", 1);
    private final Loops serverLoops = Loops.start("server", 1);
    private final Channel entry;
    private final Channel exit;
    private final ArrayDeque<Channel> waiting = new ArrayDeque<>();

    TestTunnel(InetSocketAddress backend, WindowBudget budget) throws Exception {
        this.backend = backend;
        this.budget = budget;
        var authority = new TestCertificates();
        var credentials = authority.leaf(IDENTITY).credentials();
        var check = authority.check("cluster.local");
        exit = new ServerBootstrap()
                .group(serverLoops.group())
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, serverLoops.allocator())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(TlsHandler.server(credentials, check, Duration.ofSeconds(10)))
                                .addLast(HboneConnection.server(roomy(HboneConfig.server()), budget, TestTunnel.this));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        tunnel = HboneConnection.client(roomy(HboneConfig.client()), budget, this);
        entry = new ServerBootstrap()
                .group(clientLoops.group())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 2048)
                .childOption(ChannelOption.ALLOCATOR, clientLoops.allocator())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Relay.configure(channel);
                        waiting.add(channel);
                        serve();
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        new Bootstrap()
                .group(clientLoops.group())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, clientLoops.allocator())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(TlsHandler.client(credentials, check, Duration.ofSeconds(10)))
                                .addLast(tunnel);
                    }
                })
                .connect(exit.localAddress())
                .sync();
    }

    /** For more streams than a pool would put on one connection. */
    private static HboneConfig roomy(HboneConfig config) {
        return new HboneConfig(
                config.streamWindowBytes(),
                config.connectionWindowBytes(),
                config.frameBytes(),
                10_000,
                config.headerListBytes(),
                config.pingInterval(),
                config.pingTimeout(),
                config.drainTimeout());
    }

    SocketAddress entry() {
        return entry.localAddress();
    }

    private void serve() {
        while (!waiting.isEmpty()) {
            if (!tunnel.canOpen()) {
                return;
            }
            var client = waiting.remove();
            tunnel.open("127.0.0.1:80", HboneHeaders.NONE, new StreamListener() {
                @Override
                public void onResponse(HboneStream stream, int status, HboneHeaders headers) {
                    if (status == 200) {
                        Relay.intoTunnel(
                                client, stream, (reason, counts) -> clientRelays.add(new Ended(reason, counts)));
                    } else {
                        client.close();
                    }
                }

                @Override
                public void onData(ByteBuf data) {
                    data.release();
                }

                @Override
                public void onEnd() {}

                @Override
                public void onClosed(StreamEnd end) {
                    client.close();
                }
            });
        }
    }

    @Override
    public void onEstablished(HboneConnection connection) {
        if (connection == tunnel) {
            serve();
        }
    }

    @Override
    public void onCapacity(HboneConnection connection) {
        serve();
    }

    @Override
    public void onClosed(HboneConnection connection, ConnectionEnd end) {
        if (connection == tunnel) {
            ends.add(end);
        }
    }

    @Override
    public void onConnect(ConnectRequest request, HboneStream stream) {
        new Bootstrap()
                .group(stream.connection().channel().eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, serverLoops.allocator())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Relay.configure(channel);
                    }
                })
                .connect(backend)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess()) {
                        stream.reject(503);
                        return;
                    }
                    stream.accept(HboneHeaders.NONE);
                    openServerRelays.add(Relay.outOfTunnel(
                            stream,
                            connected.channel(),
                            (reason, counts) -> serverRelays.add(new Ended(reason, counts))));
                });
    }

    /** Runs on the client proxy's loop. */
    void onClientLoop(Runnable action) throws Exception {
        tunnel.channel().eventLoop().submit(action).sync();
    }

    void onServerLoop(Runnable action) throws Exception {
        serverLoops.next().submit(action).sync();
    }

    /** In good order: loops that end under open connections lose what those hold. */
    @Override
    public void close() throws Exception {
        entry.close().sync();
        onClientLoop(tunnel::close);
        tunnel.channel().closeFuture().sync();
        exit.close().sync();
        clientLoops.close();
        serverLoops.close();
    }
}
