package dev.gossamer.net.hbone;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.net.tls.TlsEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a tunnel: HTTP/2 with CONNECT streams only, on a connection that {@code TlsHandler} protects; its pipeline's
 * last handler.
 *
 * <p>What this side writes in one turn of the event loop leaves in one TLS write at the end of the turn. Confined to the
 * channel's event loop.
 */
public final class HboneConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HboneConnection.class);
    private static final int MAX_STREAM_ID = Integer.MAX_VALUE;
    /** How long new streams may still arrive after the first GOAWAY: more than a round trip. */
    private static final int DRAIN_NOTICE_MILLIS = 1_000;

    private final HboneConfig config;
    private final WindowBudget budget;
    private final @Nullable ConnectHandler connectHandler;
    private final @Nullable ConnectionListener connectionListener;
    private final HeaderCodec codec;
    private final IntObjectHashMap<HboneStream> streams = new IntObjectHashMap<>(8);
    private final List<HboneStream> dirty = new ArrayList<>();
    private final Runnable flushTask = this::flushNow;

    private @Nullable Wires wires;
    private @Nullable SpiffeId peer;
    private List<X509Certificate> peerChain = List.of();
    private int nextStream = 1;
    private boolean flushQueued;
    private boolean draining;
    private boolean finalGoAwaySent;
    private @Nullable ScheduledFuture<?> drainTimer;
    private @Nullable ConnectionEnd end;
    private boolean ended;

    /** What exists once the handler is in a pipeline. */
    private record Wires(
            ChannelHandlerContext ctx, FrameWriter writer, Sender sender, FrameReader reader, Frames frames) {}

    private HboneConnection(
            HboneConfig config,
            WindowBudget budget,
            @Nullable ConnectHandler connectHandler,
            @Nullable ConnectionListener connectionListener) {
        this.config = config;
        this.budget = budget;
        this.connectHandler = connectHandler;
        this.connectionListener = connectionListener;
        this.codec = new HeaderCodec(config.headerListBytes());
    }

    /** The end that accepted the connection. */
    public static HboneConnection server(HboneConfig config, WindowBudget budget, ConnectHandler handler) {
        return new HboneConnection(config, budget, handler, null);
    }

    /** The end that dialled. */
    public static HboneConnection client(HboneConfig config, WindowBudget budget, ConnectionListener listener) {
        return new HboneConnection(config, budget, null, listener);
    }

    // what users call

    /**
     * Client: asks for a stream to {@code authority}; the answer comes to {@code listener}, and so does its data.
     *
     * @throws IllegalStateException if {@link #canOpen} is false
     */
    public HboneStream open(String authority, HboneHeaders headers, StreamListener listener) {
        assertInLoop();
        if (!canOpen()) {
            throw new IllegalStateException("no further stream fits this connection: ask canOpen() first");
        }
        var stream = newStream(nextStream);
        nextStream += 2;
        stream.listen(listener);
        wires().writer().headers(stream.id(), false, out -> codec.encodeRequest(stream.id(), authority, headers, out));
        flushSoon();
        return stream;
    }

    /** Client: whether {@link #open} would work now. */
    public boolean canOpen() {
        return peer != null
                && !draining
                && end == null
                && nextStream > 0
                && nextStream < MAX_STREAM_ID
                && streams.size() < Math.min(config.streams(), wires().frames().peerMaxStreams());
    }

    public int activeStreams() {
        return streams.size();
    }

    /** Whether this or the other end wants no more streams. */
    public boolean isDraining() {
        return draining || end != null;
    }

    /** Who is at the other end, once TLS is up. */
    public SpiffeId peer() {
        if (peer == null) {
            throw new IllegalStateException("no peer before TLS is up");
        }
        return peer;
    }

    /** What the peer showed of itself, leaf first. */
    public List<X509Certificate> peerChain() {
        return peerChain;
    }

    public Channel channel() {
        return wires().ctx().channel();
    }

    /** Lets no new streams begin, and closes when those that are open have ended. */
    public void drain() {
        assertInLoop();
        if (isDraining()) {
            closeIfDrained();
            return;
        }
        draining = true;
        if (peer == null) {
            close();
            return;
        }
        var loop = channel().eventLoop();
        if (connectHandler == null) {
            closeIfDrained();
        } else {
            // RFC 9113, section 6.8: announce first, since streams of the peer's may be on their way.
            wires().writer().goAway(MAX_STREAM_ID, ErrorCode.NO_ERROR, "");
            flushSoon();
            var _ = loop.schedule(this::endDrainNotice, DRAIN_NOTICE_MILLIS, TimeUnit.MILLISECONDS);
        }
        drainTimer = loop.schedule(() -> close(), config.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void endDrainNotice() {
        if (end == null) {
            sendFinalGoAway(ErrorCode.NO_ERROR, "");
            closeIfDrained();
        }
    }

    /** Ends the connection and all its streams, in order: GOAWAY, close_notify, FIN. */
    public void close() {
        close(new ConnectionEnd.Finished());
    }

    /** The same, for a reason that is told to the streams. */
    public void close(ConnectionEnd reason) {
        assertInLoop();
        end(reason, ErrorCode.NO_ERROR);
    }

    // life of the connection

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        var writer = new FrameWriter(ctx);
        var sender = new Sender(writer, ctx.channel());
        var keepalive = new Keepalive(
                ctx.channel().eventLoop(),
                config.pingInterval(),
                config.pingTimeout(),
                writer,
                this::flushSoon,
                this::onSilence);
        var frames = new Frames(this, config, budget, codec, writer, sender, keepalive);
        var reader = new FrameReader(
                frames, ctx.alloc(), connectHandler != null, config.frameBytes(), config.headerListBytes());
        wires = new Wires(ctx, writer, sender, reader, frames);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case TlsEvent.Established(var who, var chain) -> onEstablished(who, chain);
            case TlsEvent.Failed(var reason) -> {
                if (end == null) {
                    end = new ConnectionEnd.TlsFailed(reason);
                }
            }
            default -> ctx.fireUserEventTriggered(event);
        }
    }

    private void onEstablished(SpiffeId who, List<X509Certificate> chain) {
        peer = who;
        peerChain = chain;
        wires().frames().start();
        flushSoon();
        if (connectHandler != null) {
            connectHandler.onEstablished(this);
        } else if (connectionListener != null) {
            connectionListener.onEstablished(this);
        }
    }

    private void onSilence() {
        end(
                new ConnectionEnd.Lost(
                        "no answer to a ping within " + config.pingTimeout().toMillis() + " ms"),
                ErrorCode.NO_ERROR);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var in = (ByteBuf) message;
        try {
            if (end == null) {
                wires().reader().read(in);
            }
        } catch (ConnectionError e) {
            LOG.debug("{}: {}", ctx.channel(), e.getMessage());
            end(new ConnectionEnd.ProtocolFailed(e.code(), e.reason()), e.code());
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (peer == null) {
            return;
        }
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).onDataComplete();
        }
        dirty.clear();
        wires().frames().onReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && wires().sender().resume()) {
            flushSoon();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onGone("the connection was cut without notice");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        onGone("the connection was never made");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            if (end == null) {
                end = new ConnectionEnd.Lost(String.valueOf(cause.getMessage()));
            }
            var _ = ctx.close();
            return;
        }
        LOG.error("{}: a tunnel failed", ctx.channel(), cause);
        end(new ConnectionEnd.ProtocolFailed(ErrorCode.INTERNAL_ERROR, cause.toString()), ErrorCode.INTERNAL_ERROR);
    }

    private void end(ConnectionEnd reason, ErrorCode code) {
        if (end != null) {
            return;
        }
        end = reason;
        wires().frames().stop();
        if (peer != null) {
            sendFinalGoAway(code, reason instanceof ConnectionEnd.ProtocolFailed(var _, var text) ? text : "");
            wires().ctx().flush();
        }
        var _ = wires().ctx().close();
    }

    private void sendFinalGoAway(ErrorCode code, String text) {
        if (!finalGoAwaySent || code != ErrorCode.NO_ERROR) {
            finalGoAwaySent = true;
            wires().writer().goAway(wires().frames().lastPeerStream(), code, text);
            flushSoon();
        }
    }

    private void onGone(String otherwise) {
        if (ended) {
            return;
        }
        ended = true;
        if (end == null) {
            end = draining && streams.isEmpty() ? new ConnectionEnd.Finished() : new ConnectionEnd.Lost(otherwise);
        }
        var reason = end;
        wires().frames().stop();
        wires().reader().close();
        codec.close();
        if (drainTimer != null) {
            drainTimer.cancel(false);
        }
        for (var stream : List.copyOf(streams.values())) {
            stream.finish(new StreamEnd.ConnectionEnded(reason));
        }
        dirty.clear();
        if (connectHandler != null) {
            connectHandler.onClosed(this, reason);
        } else if (connectionListener != null) {
            connectionListener.onClosed(this, reason);
        }
    }

    private void closeIfDrained() {
        boolean noticeGiven = connectHandler == null || finalGoAwaySent;
        if (draining && noticeGiven && streams.isEmpty() && end == null) {
            close();
        }
    }

    // what frames and streams need

    private Wires wires() {
        if (wires == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return wires;
    }

    void assertInLoop() {
        assert wires().ctx().channel().eventLoop().inEventLoop() : "called outside of the connection's event loop";
    }

    @Nullable
    ConnectHandler connectHandler() {
        return connectHandler;
    }

    boolean isServer() {
        return connectHandler != null;
    }

    /** Client: the id that the next stream will have. */
    int nextStream() {
        return nextStream;
    }

    boolean isFinalGoAwaySent() {
        return finalGoAwaySent;
    }

    boolean isEnding() {
        return end != null;
    }

    Sender sender() {
        return wires().sender();
    }

    @Nullable
    HboneStream stream(int id) {
        return streams.get(id);
    }

    Iterable<HboneStream> streams() {
        return List.copyOf(streams.values());
    }

    HboneStream newStream(int id) {
        var frames = wires().frames();
        var stream = new HboneStream(
                this,
                id,
                new StreamInput(budget, config.streamWindowBytes(), frames.firstWindowOfPeer()),
                new StreamOutput(sender().firstStreamWindow()));
        streams.put(id, stream);
        frames.onStreamOpened();
        return stream;
    }

    void markDirty(HboneStream stream) {
        dirty.add(stream);
    }

    void onPeerDraining() {
        boolean first = !draining;
        draining = true;
        if (first && connectionListener != null) {
            connectionListener.onDraining(this);
        }
        if (isServer()) {
            finalGoAwaySent = true;
        }
        closeIfDrained();
    }

    void onCapacity() {
        if (connectionListener != null && end == null) {
            connectionListener.onCapacity(this);
        }
    }

    void sendResponse(HboneStream stream, int status, HboneHeaders headers, boolean endStream) {
        wires().writer()
                .headers(stream.id(), endStream, out -> codec.encodeResponse(stream.id(), status, headers, out));
        flushSoon();
    }

    void sendReset(int stream, ErrorCode code) {
        if (end == null) {
            wires().writer().reset(stream, code);
            flushSoon();
        }
    }

    void topUp(HboneStream stream) {
        int more = stream.input().topUp(wires().frames().firstWindowOfPeer());
        if (more > 0) {
            wires().writer().windowUpdate(stream.id(), more);
            flushSoon();
        }
    }

    void onStreamClosed(HboneStream stream) {
        streams.remove(stream.id());
        if (!ended) {
            onCapacity();
            closeIfDrained();
        }
    }

    void flushSoon() {
        if (!flushQueued) {
            flushQueued = true;
            wires().ctx().channel().eventLoop().execute(flushTask);
        }
    }

    private void flushNow() {
        flushQueued = false;
        wires().ctx().flush();
    }
}
