package dev.gossamer.lab;

import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outer end of a lab's start: opens the API server's port on this machine, hands the socket in, and hears how the
 * start goes.
 *
 * <p>A path reaches across network namespaces where an address does not, and a listening socket stays in the namespace
 * that it was opened in, whoever accepts from it. Thread-safe.
 */
final class StartListener implements AutoCloseable {
    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final String SOCKET = "start";
    /** sockaddr_un, sun_path: 108 bytes, the last of them 0. */
    private static final int MAX_SOCKET_PATH = 107;

    private final Loops loops;
    private final Path state;
    private final Path socket;
    private final BlockingQueue<StartMessage> messages = new LinkedBlockingQueue<>();
    private @Nullable Channel api;

    private StartListener(Loops loops, Path state, Path socket) {
        this.loops = loops;
        this.state = state;
        this.socket = socket;
    }

    /**
     * Opens 127.0.0.1:{@code port} and a socket for the runtime to call, in {@code state} if that path is not too long.
     *
     * @throws PortTakenException if something else listens there
     */
    static StartListener open(int port, Path state) throws IOException, PortTakenException {
        var socket = state.resolve(SOCKET);
        var listener = new StartListener(
                Loops.start("lab-start", 1),
                state,
                socket.toString().length() <= MAX_SOCKET_PATH
                        ? socket
                        : Files.createTempDirectory("gossamer-lab-").resolve(SOCKET));
        try {
            listener.api = listener.openApi(port);
            listener.openStart();
        } catch (IOException | PortTakenException e) {
            listener.close();
            throw e;
        }
        return listener;
    }

    private Channel openApi(int port) throws PortTakenException {
        // Never accepts: once handed in, the runtime does.
        var bound = new ServerBootstrap()
                .group(loops.group())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(new InetSocketAddress("127.0.0.1", port))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new PortTakenException(port, bound.cause());
        }
        return bound.channel();
    }

    private void openStart() throws IOException {
        var bound = new ServerBootstrap()
                .group(loops.group())
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("lines", new LineBasedFrameDecoder(MAX_LINE_BYTES));
                        channel.pipeline().addLast("messages", new MessageHandler());
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + socket, bound.cause());
        }
    }

    /** The API server's port on this machine. */
    int port() {
        return api != null && api.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    Path socket() {
        return socket;
    }

    /** The next thing the runtime says, or null if that takes longer than {@code limit}. */
    @Nullable
    StartMessage next(Duration limit) throws InterruptedException {
        return messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        loops.close();
        Files.deleteIfExists(socket);
        if (!socket.startsWith(state)) {
            Files.deleteIfExists(socket.getParent());
        }
    }

    /** Confined to its channel's loop. */
    private final class MessageHandler extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (api instanceof EpollServerSocketChannel listening) {
                var _ = context.writeAndFlush(listening.fd());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
            messages.add(StartMessage.parse(line.toString(StandardCharsets.UTF_8)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            messages.add(new StartMessage.Failed("the lab's runtime has ended"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            messages.add(new StartMessage.Failed("the lab's runtime cannot be heard: " + cause));
        }
    }
}
