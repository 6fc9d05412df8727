package dev.gossamer.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual TLS 1.3 of one connection: first in the pipeline, ciphertext on the channel's side, plaintext on the other.
 *
 * <p>Tells the handlers after it how TLS fares by {@link TlsEvent}s. Closing sends what was flushed, then close_notify,
 * then FIN; nothing of that waits longer than {@value #CLOSE_SECONDS} seconds for a peer that does not read. A channel
 * that ends without close_notify was cut by somebody: a protocol above that needs to know has its own end marks.
 *
 * <p>Confined to the channel's event loop.
 */
public final class TlsHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandler.class);
    private static final int CLOSE_SECONDS = 2;
    /** How much plaintext may wait for the handshake's end until the channel is no longer writable. */
    private static final int PLAIN_HIGH_BYTES = 256 * 1024;
    /** Encrypt without waiting for a flush from here on, so that the channel's own marks can count it. */
    private static final int PLAIN_EARLY_BYTES = 512 * 1024;

    private static final int USER_WRITABILITY = 1;
    private static final int LARGEST_READ = 64 * 1024;
    private static final int SMALL_READ = 4 * 1024;
    private static final int SMALL_INPUT = 2 * 1024;

    private enum State {
        HANDSHAKE,
        OPEN,
        /** close_notify is on its way, or TLS failed; nothing is read or written any more. */
        CLOSING
    }

    private final TlsContext context;
    private final TlsCredentials credentials;
    private final PeerCheck check;
    private final Duration handshakeTimeout;
    private final PlainQueue plain = new PlainQueue();

    private State state = State.HANDSHAKE;
    private @Nullable TlsEngine engine;
    private @Nullable ScheduledFuture<?> handshakeTimer;
    /** BoringSSL is pointed at input: nothing may be encrypted or freed until that ends. */
    private boolean reading;

    private boolean flushAfterRead;
    private @Nullable ChannelPromise closeAfterRead;
    private boolean freeAfterRead;
    private boolean lastReadSmall;

    private TlsHandler(TlsContext context, TlsCredentials credentials, PeerCheck check, Duration handshakeTimeout) {
        this.context = context;
        this.credentials = credentials;
        this.check = check;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** For a connection that this side dialled. It sends no server name: who the peer is, {@code check} decides. */
    public static TlsHandler client(TlsCredentials credentials, PeerCheck check, Duration handshakeTimeout) {
        return new TlsHandler(TlsContext.CLIENT, credentials, check, handshakeTimeout);
    }

    /** For a connection that was accepted. The peer must show a certificate. */
    public static TlsHandler server(TlsCredentials credentials, PeerCheck check, Duration handshakeTimeout) {
        return new TlsHandler(TlsContext.SERVER, credentials, check, handshakeTimeout);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        try {
            engine = new TlsEngine(context, credentials, check);
        } catch (RuntimeException e) {
            // Thrown on, Netty would take this handler out and go on in plaintext.
            LOG.error("TLS cannot start", e);
            state = State.CLOSING;
            ctx.fireUserEventTriggered(new TlsEvent.Failed("TLS cannot start: " + e.getMessage()));
            var _ = ctx.close();
            return;
        }
        if (ctx.channel().isActive()) {
            start(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(ctx);
        ctx.fireChannelActive();
    }

    private void start(ChannelHandlerContext ctx) {
        if (handshakeTimer != null || state != State.HANDSHAKE) {
            return;
        }
        handshakeTimer = ctx.executor()
                .schedule(() -> onHandshakeTimeout(ctx), handshakeTimeout.toNanos(), TimeUnit.NANOSECONDS);
        if (context == TlsContext.CLIENT) {
            try {
                handshake(ctx, engine());
            } catch (TlsFailure e) {
                fail(ctx, e);
            }
        }
    }

    private void onHandshakeTimeout(ChannelHandlerContext ctx) {
        if (state == State.HANDSHAKE) {
            fail(ctx, new TlsFailure("TLS handshake not complete after " + handshakeTimeout.toMillis() + " ms"));
        }
    }

    private TlsEngine engine() {
        if (engine == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return engine;
    }

    /** One step; what the step says to the peer stays in the engine while it reads. */
    private void handshake(ChannelHandlerContext ctx, TlsEngine engine) throws TlsFailure {
        boolean complete = engine.handshake();
        if (!reading) {
            drain(ctx, engine);
        }
        if (complete) {
            state = State.OPEN;
            stopTimer();
            ctx.fireUserEventTriggered(new TlsEvent.Established(engine.peer(), engine.peerChain()));
            flushAfterRead = true;
        }
    }

    private void stopTimer() {
        if (handshakeTimer != null) {
            handshakeTimer.cancel(false);
        }
    }

    private static void drain(ChannelHandlerContext ctx, TlsEngine engine) {
        ByteBuf own;
        boolean any = false;
        while ((own = engine.drain(ctx.alloc())) != null) {
            var _ = ctx.write(own, ctx.voidPromise());
            any = true;
        }
        if (any) {
            ctx.flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var ciphertext = (ByteBuf) message;
        try {
            if (state != State.CLOSING && ciphertext.isReadable()) {
                read(ctx, engine(), ciphertext);
            }
        } finally {
            ciphertext.release();
        }
    }

    private void read(ChannelHandlerContext ctx, TlsEngine engine, ByteBuf ciphertext) {
        TlsFailure failure = null;
        boolean peerClosed = false;
        reading = true;
        engine.input(ciphertext);
        try {
            if (state == State.HANDSHAKE) {
                handshake(ctx, engine);
            }
            if (state == State.OPEN) {
                peerClosed = decrypt(ctx, engine) == TlsEngine.ReadResult.CLOSED;
            }
        } catch (TlsFailure e) {
            failure = e;
        } finally {
            reading = false;
            engine.endInput();
        }
        afterRead(ctx, engine, failure, peerClosed);
    }

    private TlsEngine.ReadResult decrypt(ChannelHandlerContext ctx, TlsEngine engine) throws TlsFailure {
        while (true) {
            var out = ctx.alloc().directBuffer(readSize(engine.inputLeft()));
            TlsEngine.ReadResult result;
            try {
                result = engine.read(out);
            } catch (TlsFailure e) {
                // What came before the bad record is good.
                forward(ctx, out);
                throw e;
            }
            forward(ctx, out);
            // A handler may have closed in answer to what it read.
            if (result != TlsEngine.ReadResult.MORE || closeAfterRead != null || freeAfterRead) {
                return result;
            }
        }
    }

    private void forward(ChannelHandlerContext ctx, ByteBuf out) {
        if (out.isReadable()) {
            lastReadSmall = out.readableBytes() < SMALL_INPUT;
            ctx.fireChannelRead(out);
        } else {
            out.release();
        }
    }

    /** Whole records, as many as the input may hold; little for one small message after another. */
    private int readSize(int inputLeft) {
        if (lastReadSmall && inputLeft < SMALL_INPUT) {
            return SMALL_READ;
        }
        int records = (inputLeft + TlsEngine.RECORD_BYTES - 1) / TlsEngine.RECORD_BYTES;
        return Math.clamp(records * (long) TlsEngine.RECORD_BYTES, TlsEngine.RECORD_BYTES, LARGEST_READ);
    }

    private void afterRead(
            ChannelHandlerContext ctx, TlsEngine engine, @Nullable TlsFailure failure, boolean peerClosed) {
        if (freeAfterRead) {
            free();
            return;
        }
        drain(ctx, engine);
        if (failure != null) {
            fail(ctx, failure);
            return;
        }
        if (flushAfterRead) {
            flushAfterRead = false;
            flush(ctx);
        }
        var close = closeAfterRead;
        if (close != null || peerClosed) {
            close(ctx, close == null ? ctx.newPromise() : close);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        var piece = (ByteBuf) message;
        if (state == State.CLOSING) {
            piece.release();
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        plain.add(piece, promise);
        if (plain.bytes() > PLAIN_EARLY_BYTES && state == State.OPEN && !reading) {
            encrypt(ctx);
        } else {
            showWritability(ctx.channel());
        }
    }

    private void showWritability(Channel channel) {
        var buffer = channel.unsafe().outboundBuffer();
        boolean writable = state == State.OPEN || plain.bytes() < PLAIN_HIGH_BYTES;
        if (buffer != null && buffer.getUserDefinedWritability(USER_WRITABILITY) != writable) {
            buffer.setUserDefinedWritability(USER_WRITABILITY, writable);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (reading) {
            flushAfterRead = true;
            return;
        }
        if (state == State.OPEN) {
            encrypt(ctx);
            showWritability(ctx.channel());
        }
        ctx.flush();
    }

    private void encrypt(ChannelHandlerContext ctx) {
        try {
            while (!plain.isEmpty()) {
                var batch = plain.encrypt(engine(), ctx.alloc());
                if (!batch.ciphertext().isReadable()) {
                    batch.ciphertext().release();
                    batch.promises().forEach(ChannelPromise::trySuccess);
                } else if (batch.promises().isEmpty()) {
                    var _ = ctx.write(batch.ciphertext(), ctx.voidPromise());
                } else {
                    ctx.write(batch.ciphertext())
                            .addListener(sent -> batch.promises().forEach(promise -> complete(promise, sent.cause())));
                }
            }
        } catch (TlsFailure e) {
            fail(ctx, e);
        }
    }

    private static void complete(ChannelPromise promise, @Nullable Throwable cause) {
        if (cause == null) {
            promise.trySuccess();
        } else {
            promise.tryFailure(cause);
        }
    }

    /** Ends the connection in good order. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (reading) {
            closeAfterRead = promise;
            return;
        }
        if (state == State.HANDSHAKE || !ctx.channel().isActive()) {
            state = State.CLOSING;
            stopTimer();
            var _ = ctx.close(promise);
            return;
        }
        flush(ctx);
        if (state == State.OPEN) {
            state = State.CLOSING;
            engine().closeNotify();
            drain(ctx, engine());
        }
        closeWhenSent(ctx, promise);
    }

    private void fail(ChannelHandlerContext ctx, TlsFailure failure) {
        if (state == State.CLOSING) {
            return;
        }
        state = State.CLOSING;
        stopTimer();
        // The alert that tells the peer why.
        drain(ctx, engine());
        plain.discard(failure);
        showWritability(ctx.channel());
        ctx.fireUserEventTriggered(new TlsEvent.Failed(failure.reason()));
        closeWhenSent(ctx, ctx.newPromise());
    }

    /** Netty's close drops what the socket has not taken yet, so the close follows the last write. */
    private static void closeWhenSent(ChannelHandlerContext ctx, ChannelPromise promise) {
        var timer = ctx.executor().schedule(() -> close(ctx), CLOSE_SECONDS, TimeUnit.SECONDS);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) sent -> {
            timer.cancel(false);
            var _ = ctx.close(promise);
        });
    }

    private static void close(ChannelHandlerContext ctx) {
        var _ = ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSING;
        stopTimer();
        ctx.fireChannelInactive();
        release();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        state = State.CLOSING;
        stopTimer();
        release();
    }

    private void release() {
        if (reading) {
            freeAfterRead = true;
        } else {
            free();
        }
    }

    private void free() {
        plain.discard(new ClosedChannelException());
        if (engine != null) {
            engine.free();
        }
    }

    /** Errors of the socket end the channel; they are told as its closing. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(cause);
        var _ = ctx.close();
    }
}
