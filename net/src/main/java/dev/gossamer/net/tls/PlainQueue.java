package dev.gossamer.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Plaintext that waits to be encrypted, and its packing into records: small pieces are copied together, a piece that
 * fills a record goes as it is.
 *
 * <p>Confined to the channel's event loop.
 */
final class PlainQueue {
    /** A piece from here on is a record of its own: copying it would cost more than the record's overhead. */
    private static final int ALONE_BYTES = 12 * 1024;
    /** The most ciphertext made at once; also what one allocation asks for. */
    private static final int BATCH_BYTES = 8 * TlsEngine.RECORD_BYTES;
    /** Room for what BoringSSL may put before a record by itself (an answer to a key update), and for its own overhead. */
    private static final int SPARE_BYTES = 2 * TlsEngine.RECORD_OVERHEAD;

    /** A piece whose writer wants to know when it is sent. */
    private record Promised(ByteBuf bytes, ChannelPromise promise) {}

    /** Ciphertext, and who wants to know of its sending. */
    record Batch(ByteBuf ciphertext, List<ChannelPromise> promises) {}

    private final ArrayDeque<Object> pieces = new ArrayDeque<>();
    private int bytes;

    void add(ByteBuf piece, ChannelPromise promise) {
        bytes += piece.readableBytes();
        pieces.add(promise.isVoid() ? piece : new Promised(piece, promise));
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    int bytes() {
        return bytes;
    }

    /** Encrypts from the front of the queue, as much as one batch takes. */
    Batch encrypt(TlsEngine engine, ByteBufAllocator allocator) throws TlsFailure {
        int plain = Math.min(bytes, BATCH_BYTES);
        // Two neighbouring records together hold more than ALONE_BYTES, which bounds their number.
        int records = 2 * (plain / ALONE_BYTES) + 2;
        int room = plain + records * TlsEngine.RECORD_OVERHEAD + SPARE_BYTES;
        var promises = new ArrayList<ChannelPromise>(0);
        var out = allocator.directBuffer(room, room);
        ByteBuf scratch = null;
        try {
            engine.output(out);
            while (!pieces.isEmpty()) {
                int length = Math.min(frontBytes(), TlsEngine.RECORD_BYTES);
                if (room < length + SPARE_BYTES) {
                    break;
                }
                if (front().hasMemoryAddress() && length > 0 && (length >= ALONE_BYTES || pieces.size() == 1)) {
                    writeAlone(engine, length, promises);
                } else {
                    if (scratch == null) {
                        scratch = allocator.directBuffer(TlsEngine.RECORD_BYTES, TlsEngine.RECORD_BYTES);
                    }
                    length = gather(scratch, Math.min(TlsEngine.RECORD_BYTES, room - SPARE_BYTES), promises);
                    if (length > 0) {
                        engine.write(scratch.memoryAddress(), length);
                    }
                }
                room -= length + TlsEngine.RECORD_OVERHEAD;
            }
            engine.endOutput(out);
        } catch (TlsFailure | RuntimeException e) {
            engine.endInput();
            out.release();
            promises.forEach(promise -> promise.tryFailure(e));
            throw e;
        } finally {
            if (scratch != null) {
                scratch.release();
            }
        }
        return new Batch(out, promises);
    }

    private ByteBuf front() {
        var first = pieces.element();
        return first instanceof Promised(var piece, var _) ? piece : (ByteBuf) first;
    }

    private int frontBytes() {
        return front().readableBytes();
    }

    private void writeAlone(TlsEngine engine, int length, List<ChannelPromise> promises) throws TlsFailure {
        var piece = front();
        engine.write(piece.memoryAddress() + piece.readerIndex(), length);
        piece.skipBytes(length);
        bytes -= length;
        if (!piece.isReadable()) {
            drop(promises);
        }
    }

    /** Copies pieces together until {@code limit}. A piece may be split: its rest opens the next record. */
    private int gather(ByteBuf scratch, int limit, List<ChannelPromise> promises) {
        scratch.clear();
        while (!pieces.isEmpty() && scratch.writerIndex() < limit) {
            var piece = front();
            if (scratch.isReadable() && piece.readableBytes() >= ALONE_BYTES && piece.hasMemoryAddress()) {
                break;
            }
            int length = Math.min(piece.readableBytes(), limit - scratch.writerIndex());
            scratch.writeBytes(piece, length);
            bytes -= length;
            if (!piece.isReadable()) {
                drop(promises);
            }
        }
        return scratch.writerIndex();
    }

    private void drop(List<ChannelPromise> promises) {
        var first = pieces.remove();
        if (first instanceof Promised(var piece, var promise)) {
            piece.release();
            promises.add(promise);
        } else {
            ((ByteBuf) first).release();
        }
    }

    /** Gives everything up that is still waiting. */
    void discard(Throwable cause) {
        bytes = 0;
        for (Object next; (next = pieces.poll()) != null; ) {
            if (next instanceof Promised(var piece, var promise)) {
                piece.release();
                promise.tryFailure(cause);
            } else {
                ((ByteBuf) next).release();
            }
        }
    }
}
