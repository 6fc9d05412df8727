package dev.gossamer.net.relay;

import dev.gossamer.net.hbone.HeadroomAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP channel as one end of a relay; its pipeline's last handler, from the channel's beginning.
 *
 * <p>Netty's epoll channels read to the end as soon as the peer's FIN is there, asked to or not. What comes before the
 * relay has started is therefore kept: at most what the socket's receive buffer held. Confined to the channel's event
 * loop.
 */
final class TcpEnd extends ChannelInboundHandlerAdapter implements RelayEnd {
    private static final Logger LOG = LoggerFactory.getLogger(TcpEnd.class);
    /** How much may wait for a socket that takes no more, until the other end is paused, and until it resumes. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16 * 1024, 64 * 1024);

    private static final String NAME = "relay";
    /**
     * Bounds the kernel's receive buffer, without which a sender that ends its side could make this process hold all
     * of {@code tcp_rmem}'s maximum at once.
     */
    private static final ChannelOption<Integer> TCP_WINDOW_CLAMP =
            new IntegerUnixChannelOption("TCP_WINDOW_CLAMP", 6, 10);

    private static final int RECEIVE_WINDOW_BYTES = 1024 * 1024;

    private final Channel channel;
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(0);
    private boolean earlyEnd;
    private @Nullable Relay relay;
    private Side side = Side.CLIENT;
    private boolean done;

    private TcpEnd(Channel channel) {
        this.channel = channel;
    }

    static void configure(Channel channel) {
        var config = channel.config();
        config.setAutoRead(false);
        config.setRecvByteBufAllocator(HeadroomAllocator.INSTANCE);
        config.setWriteBufferWaterMark(WATER_MARK);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setOption(TCP_WINDOW_CLAMP, RECEIVE_WINDOW_BYTES);
        channel.pipeline().addLast(NAME, new TcpEnd(channel));
    }

    /** The end that {@link #configure} made. */
    static TcpEnd of(Channel channel) {
        var end = channel.pipeline().get(TcpEnd.class);
        if (end == null) {
            // It closed, and Netty has emptied its pipeline.
            end = new TcpEnd(channel);
        }
        return end;
    }

    @Override
    public void start(Relay relay, Side side) {
        this.relay = relay;
        this.side = side;
        if (!channel.isActive()) {
            // It went before this, and there is no event to come.
            discardEarly();
            broken();
            return;
        }
        boolean any = !early.isEmpty();
        for (ByteBuf data; (data = early.poll()) != null; ) {
            relay.onData(side, data);
        }
        if (any) {
            relay.onDataComplete(side);
        }
        if (earlyEnd) {
            relay.onEndOfInput(side);
        } else {
            resume();
        }
    }

    private void discardEarly() {
        for (ByteBuf data; (data = early.poll()) != null; ) {
            data.release();
        }
    }

    @Override
    public void write(ByteBuf data) {
        var _ = channel.write(data, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void resume() {
        if (!done) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void pause() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void endOutput() {
        // Netty's shutdownOutput drops what the socket has not taken yet, so it follows the last write.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) sent -> {
            if (sent.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput().addListener(shut -> {
                    if (done) {
                        close();
                    }
                });
            } else if (done) {
                close();
            }
        });
    }

    @Override
    public void finish() {
        // The channel closes when its output is sent and ended: see endOutput.
        done = true;
        if (channel instanceof DuplexChannel duplex && duplex.isOutputShutdown()) {
            close();
        }
    }

    @Override
    public void abort() {
        if (done) {
            return;
        }
        done = true;
        if (channel.isActive()) {
            // Makes the kernel send RST in place of FIN.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    private void close() {
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var data = (ByteBuf) message;
        if (relay == null) {
            early.add(data);
        } else {
            relay.onData(side, data);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (relay != null) {
            relay.onDataComplete(side);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (relay != null && channel.isWritable()) {
            relay.onWritable(side);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownReadComplete.INSTANCE) {
            return;
        }
        if (relay == null) {
            earlyEnd = true;
        } else {
            relay.onEndOfInput(side);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        discardEarly();
        broken();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discardEarly();
    }

    private void broken() {
        if (!done && relay != null) {
            relay.close(new CloseReason.Reset(side));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            broken();
        } else {
            LOG.error("{}: a relay failed", channel, cause);
            if (!done && relay != null) {
                relay.close(new CloseReason.Failed(cause.toString()));
            }
        }
        // With half-closing allowed Netty leaves a broken channel open.
        close();
    }
}
