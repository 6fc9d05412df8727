package dev.gossamer.lab;

import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The inner end of a lab's start: takes the listening socket, and tells how the start goes. Thread-safe. */
final class StartReport implements AutoCloseable {
    private static final Duration SOCKET_LIMIT = Duration.ofSeconds(10);

    private final Channel channel;
    private final CompletableFuture<Integer> listener;

    private StartReport(Channel channel, CompletableFuture<Integer> listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** {@code onLost}: whoever started the lab has gone. */
    static StartReport connect(Path socket, Loops loops, Runnable onLost) throws IOException {
        var received = new CompletableFuture<Integer>();
        var connected = new Bootstrap()
                .group(loops.next())
                .channel(EpollDomainSocketChannel.class)
                .option(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .handler(new DescriptorHandler(received, onLost))
                .connect(new DomainSocketAddress(socket.toFile()))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            throw new IOException("cannot reach whoever started this lab at " + socket, connected.cause());
        }
        return new StartReport(connected.channel(), received);
    }

    /** The number of the listening socket of 127.0.0.1 outside. */
    int listener() throws IOException, InterruptedException {
        try {
            return listener.get(SOCKET_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the socket of the API server's port did not arrive", e);
        }
    }

    void say(StartMessage message) {
        var _ = channel.writeAndFlush(Unpooled.copiedBuffer(message.line() + "\n", StandardCharsets.UTF_8));
    }

    /** Says the last word and waits until it is out. */
    void sayLast(StartMessage message) {
        var _ = channel.writeAndFlush(Unpooled.copiedBuffer(message.line() + "\n", StandardCharsets.UTF_8))
                .awaitUninterruptibly();
        close();
    }

    @Override
    public void close() {
        var _ = channel.close().awaitUninterruptibly();
    }

    /** Confined to its channel's loop. */
    private static final class DescriptorHandler extends SimpleChannelInboundHandler<FileDescriptor> {
        private final CompletableFuture<Integer> received;
        private final Runnable onLost;

        DescriptorHandler(CompletableFuture<Integer> received, Runnable onLost) {
            this.received = received;
            this.onLost = onLost;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FileDescriptor descriptor) {
            received.complete(descriptor.intValue());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            onLost.run();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            received.completeExceptionally(cause);
            var _ = context.close();
        }
    }
}
