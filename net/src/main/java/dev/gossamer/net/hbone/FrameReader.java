package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames in whatever pieces the bytes come in. DATA is passed on piece by piece, as slices; of all else at most
 * one header block is ever held.
 *
 * <p>What is wrong with a frame's size, or with the order of frames as such, is found here; what depends on the state of
 * streams, in the sink. Confined to the connection's event loop.
 */
final class FrameReader {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SETTING_BYTES = 6;
    private static final int MAX_SETTINGS_BYTES = 64 * SETTING_BYTES;
    private static final int GOAWAY_BYTES = 8;
    private static final int GOAWAY_TEXT_BYTES = 256;
    private static final int PRIORITY_BYTES = 5;
    /** Frames that one header block may come in: more are an attack (CVE-2024-27316 and its like). */
    private static final int MAX_BLOCK_FRAMES = 32;

    private enum Phase {
        PREFACE,
        HEAD,
        DATA,
        COLLECT,
        SKIP
    }

    private final FrameSink sink;
    private final ByteBufAllocator allocator;
    private final int maxFrameBytes;
    private final int maxBlockBytes;

    private Phase phase;
    private int prefaceRead;
    private boolean settingsSeen;

    private final byte[] head = new byte[FrameType.HEAD_BYTES];
    private int headRead;

    private int length;
    private int type;
    private int flags;
    private int stream;

    /** Of the frame's payload, what has not come yet. */
    private int left;
    /** Of a DATA frame: padding at its end; -1 while its length has not come. */
    private int padding;

    private int collectBytes;
    private @Nullable ByteBuf collected;

    /** The header block that CONTINUATION frames are to complete, and its stream; 0 outside of one. */
    private @Nullable ByteBuf block;

    private int blockStream;
    private int blockFrames;
    private boolean blockEndsStream;

    FrameReader(FrameSink sink, ByteBufAllocator allocator, boolean server, int maxFrameBytes, int maxBlockBytes) {
        this.sink = sink;
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
        this.maxBlockBytes = maxBlockBytes;
        this.phase = server ? Phase.PREFACE : Phase.HEAD;
    }

    /**
     * Takes all of {@code in}, whose owner stays the caller.
     *
     * @throws ConnectionError if the peer broke the protocol; nothing may be read after that
     */
    void read(ByteBuf in) throws ConnectionError {
        while (in.isReadable()) {
            switch (phase) {
                case PREFACE -> readPreface(in);
                case HEAD -> readHead(in);
                case DATA -> readData(in);
                case COLLECT -> collect(in);
                case SKIP -> skip(in);
            }
        }
    }

    private void readPreface(ByteBuf in) throws ConnectionError {
        while (in.isReadable() && prefaceRead < PREFACE.length) {
            if (in.readByte() != PREFACE[prefaceRead++]) {
                throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "not an HTTP/2 client");
            }
        }
        if (prefaceRead == PREFACE.length) {
            phase = Phase.HEAD;
        }
    }

    private void readHead(ByteBuf in) throws ConnectionError {
        int take = Math.min(FrameType.HEAD_BYTES - headRead, in.readableBytes());
        in.readBytes(head, headRead, take);
        headRead += take;
        if (headRead < FrameType.HEAD_BYTES) {
            return;
        }
        headRead = 0;
        length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        type = head[3] & 0xff;
        flags = head[4] & 0xff;
        // The highest bit is reserved and to be ignored.
        stream = (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | head[8] & 0xff;
        startFrame();
    }

    private void startFrame() throws ConnectionError {
        if (length > maxFrameBytes) {
            throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, "a frame of " + length + " bytes");
        }
        if (!settingsSeen && (type != FrameType.SETTINGS || isSet(FrameType.ACK))) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
        }
        if (blockStream != 0 && (type != FrameType.CONTINUATION || stream != blockStream)) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a header block is interrupted");
        }
        left = length;
        switch (type) {
            case FrameType.DATA -> startData();
            case FrameType.HEADERS, FrameType.CONTINUATION -> startBlockPart();
            case FrameType.RST_STREAM -> {
                requireStream();
                startCollecting(4);
            }
            case FrameType.PING -> {
                requireNoStream();
                startCollecting(8);
            }
            case FrameType.WINDOW_UPDATE -> startCollecting(4);
            case FrameType.SETTINGS -> startSettings();
            case FrameType.GOAWAY -> startGoAway();
            case FrameType.PUSH_PROMISE -> throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a push is not wanted");
            case FrameType.PRIORITY -> {
                requireStream();
                requireLength(length == PRIORITY_BYTES);
                ignore();
            }
            default -> ignore();
        }
    }

    private boolean isSet(int flag) {
        return (flags & flag) != 0;
    }

    private void requireStream() throws ConnectionError {
        if (stream == 0) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a frame of type " + type + " without a stream");
        }
    }

    private void requireNoStream() throws ConnectionError {
        if (stream != 0) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a frame of type " + type + " on a stream");
        }
    }

    private void requireLength(boolean right) throws ConnectionError {
        if (!right) {
            throw new ConnectionError(
                    ErrorCode.FRAME_SIZE_ERROR, "a frame of type " + type + " with " + length + " bytes");
        }
    }

    private void ignore() throws ConnectionError {
        sink.onIgnored();
        startSkipping();
    }

    private void startSkipping() {
        phase = left == 0 ? Phase.HEAD : Phase.SKIP;
    }

    private void skip(ByteBuf in) {
        int take = Math.min(left, in.readableBytes());
        in.skipBytes(take);
        left -= take;
        startSkipping();
    }

    // DATA

    private void startData() throws ConnectionError {
        requireStream();
        requireLength(length > 0 || !isSet(FrameType.PADDED));
        sink.onDataStart(stream, length);
        padding = isSet(FrameType.PADDED) ? -1 : 0;
        phase = Phase.DATA;
        if (left == 0) {
            endData();
        }
    }

    private void readData(ByteBuf in) throws ConnectionError {
        if (padding < 0) {
            padding = in.readUnsignedByte();
            left--;
            if (padding > left) {
                throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "more padding than frame");
            }
        }
        int take = Math.min(left - padding, in.readableBytes());
        if (take > 0) {
            left -= take;
            sink.onDataPart(stream, in.readRetainedSlice(take));
        }
        if (left == padding) {
            int skipped = Math.min(left, in.readableBytes());
            in.skipBytes(skipped);
            left -= skipped;
            padding = left;
            if (left == 0) {
                endData();
            }
        }
    }

    private void endData() throws ConnectionError {
        phase = Phase.HEAD;
        sink.onDataEnd(stream, length, isSet(FrameType.END_STREAM));
    }

    // everything that is collected first

    private void startBlockPart() throws ConnectionError {
        requireStream();
        if (type == FrameType.CONTINUATION && blockStream == 0) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a CONTINUATION without HEADERS");
        }
        int before = block == null ? 0 : block.readableBytes();
        blockFrames++;
        if (before + length > maxBlockBytes || blockFrames > MAX_BLOCK_FRAMES) {
            throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "headers of more than " + maxBlockBytes + " bytes");
        }
        startCollecting(length);
    }

    private void startSettings() throws ConnectionError {
        requireNoStream();
        settingsSeen = true;
        if (isSet(FrameType.ACK)) {
            requireLength(length == 0);
        } else {
            requireLength(length % SETTING_BYTES == 0);
            if (length > MAX_SETTINGS_BYTES) {
                throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "SETTINGS of " + length + " bytes");
            }
        }
        startCollecting(length);
    }

    private void startGoAway() throws ConnectionError {
        requireNoStream();
        requireLength(length >= GOAWAY_BYTES);
        collectBytes = Math.min(length, GOAWAY_BYTES + GOAWAY_TEXT_BYTES);
        phase = Phase.COLLECT;
    }

    /** The frame must have just {@code wanted} bytes. */
    private void startCollecting(int wanted) throws ConnectionError {
        requireLength(length == wanted);
        collectBytes = wanted;
        phase = Phase.COLLECT;
        if (wanted == 0) {
            finish(Unpooled.EMPTY_BUFFER);
        }
    }

    private void collect(ByteBuf in) throws ConnectionError {
        if (collected == null && in.readableBytes() >= collectBytes) {
            finish(in.readSlice(collectBytes));
            return;
        }
        if (collected == null) {
            collected = allocator.directBuffer(collectBytes, collectBytes);
        }
        var buffer = collected;
        buffer.writeBytes(in, Math.min(in.readableBytes(), buffer.writableBytes()));
        if (!buffer.isWritable()) {
            collected = null;
            try {
                finish(buffer);
            } finally {
                buffer.release();
            }
        }
    }

    private void finish(ByteBuf payload) throws ConnectionError {
        left -= collectBytes;
        startSkipping();
        switch (type) {
            case FrameType.HEADERS, FrameType.CONTINUATION -> finishBlockPart(payload);
            case FrameType.RST_STREAM -> sink.onReset(stream, payload.readUnsignedInt());
            case FrameType.PING -> sink.onPing(payload.readLong(), isSet(FrameType.ACK));
            case FrameType.WINDOW_UPDATE -> sink.onWindowUpdate(stream, payload.readInt() & Integer.MAX_VALUE);
            case FrameType.GOAWAY ->
                sink.onGoAway(
                        payload.readInt() & Integer.MAX_VALUE,
                        payload.readUnsignedInt(),
                        payload.toString(StandardCharsets.UTF_8));
            case FrameType.SETTINGS -> {
                if (isSet(FrameType.ACK)) {
                    sink.onSettingsAck();
                } else {
                    sink.onSettings(payload);
                }
            }
            default -> throw new AssertionError("type " + type + " is not collected");
        }
    }

    private void finishBlockPart(ByteBuf payload) throws ConnectionError {
        var fragment = payload;
        if (type == FrameType.HEADERS) {
            fragment = withoutPadding(payload);
            blockEndsStream = isSet(FrameType.END_STREAM);
        }
        if (!isSet(FrameType.END_HEADERS)) {
            if (block == null) {
                block = allocator.buffer(fragment.readableBytes());
            }
            block.writeBytes(fragment);
            blockStream = stream;
            return;
        }
        blockStream = 0;
        blockFrames = 0;
        if (block == null) {
            sink.onHeaders(stream, fragment, blockEndsStream);
            return;
        }
        var whole = block.writeBytes(fragment);
        block = null;
        try {
            sink.onHeaders(stream, whole, blockEndsStream);
        } finally {
            whole.release();
        }
    }

    private ByteBuf withoutPadding(ByteBuf payload) throws ConnectionError {
        int padded = 0;
        if (isSet(FrameType.PADDED)) {
            requireLength(payload.isReadable());
            padded = payload.readUnsignedByte();
        }
        if (isSet(FrameType.HAS_PRIORITY)) {
            requireLength(payload.readableBytes() >= PRIORITY_BYTES);
            payload.skipBytes(PRIORITY_BYTES);
        }
        if (padded > payload.readableBytes()) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "more padding than frame");
        }
        return payload.readSlice(payload.readableBytes() - padded);
    }

    /** Lets go of what was collected so far. */
    void close() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
        if (block != null) {
            block.release();
            block = null;
        }
    }
}
