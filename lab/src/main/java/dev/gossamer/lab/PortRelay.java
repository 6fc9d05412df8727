package dev.gossamer.lab;

import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries connections to a port of the machine into the lab: accepted on a socket that was opened outside, dialled
 * inside. Thread-safe.
 */
final class PortRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PortRelay.class);

    private final Channel listener;

    private PortRelay(Channel listener) {
        this.listener = listener;
    }

    /** {@code descriptor}: a socket that listens already. */
    static PortRelay start(int descriptor, InetSocketAddress target, Loops loops) throws IOException {
        var registered = new ServerBootstrap()
                .group(loops.group())
                .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast("dial", new DialHandler(target, loops));
                    }
                })
                .register()
                .awaitUninterruptibly();
        if (!registered.isSuccess()) {
            throw new IOException("cannot take over the API server's port", registered.cause());
        }
        return new PortRelay(registered.channel());
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
    }

    /** Confined to its channel's loop. */
    private static final class DialHandler extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress target;
        private final Loops loops;

        DialHandler(InetSocketAddress target, Loops loops) {
            this.target = target;
            this.loops = loops;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var outside = context.channel();
            // On the same loop, so that each side may write to the other directly.
            var dialled = new Bootstrap()
                    .group(outside.eventLoop())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.ALLOCATOR, loops.allocator())
                    .handler(new CopyHandler(outside))
                    .connect(target);
            outside.pipeline().replace(this, "copy", new CopyHandler(dialled.channel()));
            dialled.addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    outside.read();
                    done.channel().read();
                } else {
                    LOG.warn(
                            "the API server cannot be reached: {}", done.cause().toString());
                    var _ = outside.close();
                }
            });
        }
    }

    /** Writes what it reads to the other side, and reads on when that is through. Confined to its channel's loop. */
    private static final class CopyHandler extends ChannelInboundHandlerAdapter {
        private final Channel other;

        CopyHandler(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object data) {
            var _ = other.writeAndFlush(data).addListener((ChannelFutureListener) done -> {
                if (done.isSuccess()) {
                    context.read();
                } else {
                    var _ = context.close();
                }
            });
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent && other instanceof DuplexChannel duplex) {
                // After what is still being written.
                var _ = other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener((ChannelFutureListener) _ -> finish(context, duplex));
            }
            context.fireUserEventTriggered(event);
        }

        /** This side sends no more; if the other one does not either, both are done. */
        private static void finish(ChannelHandlerContext context, DuplexChannel other) {
            if (other.isInputShutdown()) {
                var _ = other.close();
                var _ = context.close();
            } else {
                var _ = other.shutdownOutput();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            var _ = other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection to the API server ends: {}", cause.toString());
            var _ = context.close();
        }
    }
}
