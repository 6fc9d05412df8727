package dev.gossamer.net.relay;

import dev.gossamer.net.hbone.ErrorCode;
import dev.gossamer.net.hbone.HboneStream;
import dev.gossamer.net.hbone.StreamEnd;
import dev.gossamer.net.hbone.StreamListener;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel's stream as one end of a relay.
 *
 * <p>A stream cannot be paused as a socket can: its peer stops by itself when what came is not reported as passed on.
 * What comes while the other end takes no more is copied into chunks, since a slice, however small, would keep all of the
 * large buffer that it was read into. Confined to the stream's event loop.
 */
final class TunnelEnd implements RelayEnd, StreamListener {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final HboneStream stream;
    private @Nullable Relay relay;
    private Side side = Side.CLIENT;
    private boolean paused;
    /** Came in and not reported as passed on. */
    private int unreported;
    /** The chunk that is being filled, while paused. */
    private @Nullable ByteBuf chunk;

    TunnelEnd(HboneStream stream) {
        this.stream = stream;
    }

    @Override
    public void start(Relay relay, Side side) {
        this.relay = relay;
        this.side = side;
        stream.listen(this);
    }

    private Relay relay() {
        if (relay == null) {
            throw new IllegalStateException("not started");
        }
        return relay;
    }

    @Override
    public void write(ByteBuf data) {
        stream.write(data);
    }

    @Override
    public void flush() {
        stream.flush();
    }

    @Override
    public boolean isWritable() {
        return stream.isWritable();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            passOnChunk();
            relay().onDataComplete(side);
            // Passing the chunk on may have filled the other end again.
            if (paused) {
                return;
            }
        }
        int bytes = unreported;
        unreported = 0;
        stream.consumed(bytes);
    }

    private void passOnChunk() {
        var full = chunk;
        if (full != null) {
            chunk = null;
            relay().onData(side, full);
        }
    }

    @Override
    public void endOutput() {
        stream.end();
    }

    @Override
    public void finish() {
        // The stream ends by itself when both sides have ended it.
    }

    @Override
    public void abort() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        stream.reset(ErrorCode.CANCEL);
    }

    @Override
    public void onData(ByteBuf data) {
        unreported += data.readableBytes();
        if (!paused) {
            relay().onData(side, data);
            return;
        }
        keep(data);
    }

    /** The window bounds how much is kept: chunks that are full go to the other end's queue. */
    private void keep(ByteBuf data) {
        try {
            while (data.isReadable()) {
                if (chunk == null) {
                    chunk = stream.connection().channel().alloc().directBuffer(CHUNK_BYTES, CHUNK_BYTES);
                }
                var open = chunk;
                open.writeBytes(data, Math.min(data.readableBytes(), open.writableBytes()));
                if (!open.isWritable()) {
                    passOnChunk();
                }
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void onDataComplete() {
        relay().onDataComplete(side);
    }

    @Override
    public void onEnd() {
        // No more will come: what is kept can as well wait in the other end's queue.
        passOnChunk();
        relay().onEndOfInput(side);
    }

    @Override
    public void onWritable() {
        relay().onWritable(side);
    }

    @Override
    public void onClosed(StreamEnd end) {
        switch (end) {
            case StreamEnd.Finished() -> {
                // Both directions have been told of their end.
            }
            case StreamEnd.Reset _ -> relay().close(new CloseReason.Reset(side));
            case StreamEnd.Refused() -> relay().close(new CloseReason.TunnelLost(side, "the peer refused the stream"));
            case StreamEnd.Violated(var reason) -> relay().close(new CloseReason.TunnelLost(side, reason));
            case StreamEnd.ConnectionEnded(var why) -> relay().close(new CloseReason.TunnelLost(side, why.reason()));
        }
    }
}
