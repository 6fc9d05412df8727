package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for reading from a TCP channel what goes into a tunnel: with room before the content for a frame's head, and
 * such that frame and head fill a TLS record.
 *
 * <p>Stops in the middle of a burst when the channel's auto-read is turned off, so that one read buffer is all that a
 * stalled stream holds. Thread-safe; its handles are confined to their channel's event loop.
 */
public final class HeadroomAllocator implements RecvByteBufAllocator {
    public static final HeadroomAllocator INSTANCE = new HeadroomAllocator();

    private static final int RECORD_BYTES = 16 * 1024;
    private static final int LARGE_READ = RECORD_BYTES - FrameType.HEAD_BYTES;
    private static final int SMALL_READ = 2 * 1024 - FrameType.HEAD_BYTES;
    /** Reads of one channel before others get their turn. */
    private static final int MAX_READS = 16;

    private HeadroomAllocator() {}

    @Override
    public ExtendedHandle newHandle() {
        return new StreamHandle();
    }

    private static final class StreamHandle implements ExtendedHandle {
        private @Nullable ChannelConfig config;
        private boolean large;
        private int reads;
        private int attempted;
        private int last;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator
                    .directBuffer(FrameType.HEAD_BYTES + guess())
                    .setIndex(FrameType.HEAD_BYTES, FrameType.HEAD_BYTES);
        }

        @Override
        public int guess() {
            return large ? LARGE_READ : SMALL_READ;
        }

        @Override
        public void reset(ChannelConfig config) {
            this.config = config;
            reads = 0;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += count;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
            if (bytes > 0) {
                large = bytes == attempted || large && bytes >= SMALL_READ;
            }
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return last == attempted && reads < MAX_READS && config != null && config.isAutoRead();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return continueReading();
        }

        @Override
        public void readComplete() {}
    }
}
