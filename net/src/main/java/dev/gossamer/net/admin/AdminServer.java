package dev.gossamer.net.admin;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Serves status, metrics and debug pages over plain HTTP/1.1.
 *
 * <p>Small on purpose: a request has at most {@value #MAX_HEAD_BYTES} bytes of head and no use for a body. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 8 * 1024;
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int BACKLOG = 128;

    private final Channel listener;
    private final ChannelGroup connections;

    private AdminServer(Channel listener, ChannelGroup connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Listens on {@code address}, in the process's own namespace.
     *
     * @throws IOException if it cannot, as when the port is taken
     */
    public static AdminServer start(Loops loops, InetSocketAddress address, AdminRoutes routes) throws IOException {
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        return started(bootstrap(loops, routes, connections).bind(address), address, connections);
    }

    /** The same in another namespace. */
    public static AdminServer start(Loops loops, Netns namespace, InetSocketAddress address, AdminRoutes routes)
            throws IOException {
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ChannelFuture bound;
        try {
            bound = namespace.call(() -> bootstrap(loops, routes, connections).bind(address));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot listen on " + address + " in " + namespace, e);
        }
        return started(bound, address, connections);
    }

    private static AdminServer started(ChannelFuture bound, InetSocketAddress address, ChannelGroup connections)
            throws IOException {
        bound.awaitUninterruptibly();
        var cause = bound.cause();
        if (cause != null) {
            throw new IOException("cannot listen on " + address + ": " + cause.getMessage(), cause);
        }
        return new AdminServer(bound.channel(), connections);
    }

    private static ServerBootstrap bootstrap(Loops loops, AdminRoutes routes, ChannelGroup connections) {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        var config = new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_LINE_BYTES)
                                .setMaxHeaderSize(MAX_HEAD_BYTES);
                        channel.pipeline()
                                .addLast("http", new HttpServerCodec(config))
                                .addLast("admin", new AdminHandler(routes));
                    }
                });
    }

    /** Where it listens; the port that was found free, if 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
    }
}
