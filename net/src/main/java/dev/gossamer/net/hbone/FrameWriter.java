package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Writes frames, without flushing.
 *
 * <p>Confined to the connection's event loop.
 */
final class FrameWriter {
    private static final ByteBuf PREFACE = Unpooled.unreleasableBuffer(
            Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII)
                    .asReadOnly());
    private static final int HEADERS_ROOM = 512;

    private final ChannelHandlerContext ctx;
    private int maxFrameBytes = FrameType.DEFAULT_FRAME_BYTES;

    FrameWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** What the peer accepts. */
    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    void preface() {
        write(ctx.alloc().directBuffer(PREFACE.readableBytes()).writeBytes(PREFACE.duplicate()));
    }

    /** {@code keysAndValues}: a key, its value, the next key, and so on. */
    void settings(int... keysAndValues) {
        var frame = head(keysAndValues.length / 2 * 6, FrameType.SETTINGS, 0, 0);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            frame.writeShort(keysAndValues[i]).writeInt(keysAndValues[i + 1]);
        }
        write(frame);
    }

    void settingsAck() {
        write(head(0, FrameType.SETTINGS, FrameType.ACK, 0));
    }

    void ping(long content, boolean ack) {
        write(head(8, FrameType.PING, ack ? FrameType.ACK : 0, 0).writeLong(content));
    }

    void goAway(int lastStream, ErrorCode code, String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        var frame =
                head(8 + length, FrameType.GOAWAY, 0, 0).writeInt(lastStream).writeInt(code.number());
        ByteBufUtil.writeUtf8(frame, text);
        write(frame);
    }

    void reset(int stream, ErrorCode code) {
        write(head(4, FrameType.RST_STREAM, 0, stream).writeInt(code.number()));
    }

    void windowUpdate(int stream, int increment) {
        write(head(4, FrameType.WINDOW_UPDATE, 0, stream).writeInt(increment));
    }

    /** {@code encoder} appends the header block, which goes out in as many frames as it needs. */
    void headers(int stream, boolean endStream, Consumer<ByteBuf> encoder) {
        var frame = ctx.alloc().directBuffer(HEADERS_ROOM).writeZero(FrameType.HEAD_BYTES);
        encoder.accept(frame);
        int length = frame.readableBytes() - FrameType.HEAD_BYTES;
        int first = Math.min(length, maxFrameBytes);
        int flags = (endStream ? FrameType.END_STREAM : 0) | (first == length ? FrameType.END_HEADERS : 0);
        putHead(frame, 0, first, FrameType.HEADERS, flags, stream);
        if (first == length) {
            write(frame);
            return;
        }
        var whole = frame;
        write(whole.readRetainedSlice(FrameType.HEAD_BYTES + first));
        while (whole.isReadable()) {
            int part = Math.min(whole.readableBytes(), maxFrameBytes);
            boolean last = part == whole.readableBytes();
            write(head(part, FrameType.CONTINUATION, last ? FrameType.END_HEADERS : 0, stream));
            write(whole.readRetainedSlice(part));
        }
        whole.release();
    }

    /**
     * Sends {@code data}, at most a frame's worth. Where there is room before its content the frame's head is written
     * there, so that both go as one piece.
     */
    void data(int stream, ByteBuf data, boolean endStream) {
        int length = data.readableBytes();
        int flags = endStream ? FrameType.END_STREAM : 0;
        int start = data.readerIndex() - FrameType.HEAD_BYTES;
        if (start >= 0 && !data.isReadOnly()) {
            putHead(data, start, length, FrameType.DATA, flags, stream);
            write(data.readerIndex(start));
            return;
        }
        write(head(length, FrameType.DATA, flags, stream));
        write(data);
    }

    void end(int stream) {
        write(head(0, FrameType.DATA, FrameType.END_STREAM, stream));
    }

    private ByteBuf head(int length, int type, int flags, int stream) {
        return ctx.alloc()
                .directBuffer(FrameType.HEAD_BYTES + (type == FrameType.DATA ? 0 : length))
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
    }

    private static void putHead(ByteBuf frame, int at, int length, int type, int flags, int stream) {
        frame.setMedium(at, length);
        frame.setByte(at + 3, type);
        frame.setByte(at + 4, flags);
        frame.setInt(at + 5, stream);
    }

    private void write(ByteBuf frame) {
        // A failed write is an error of the channel, which tells of it by closing.
        var _ = ctx.write(frame, ctx.voidPromise());
    }
}
