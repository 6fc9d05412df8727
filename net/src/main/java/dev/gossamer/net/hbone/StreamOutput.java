package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * What one stream has to send and may not send yet.
 *
 * <p>Confined to the connection's event loop.
 */
final class StreamOutput {
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
    /** What the peer lets this stream send; below zero after the peer shrank its first window. */
    private int window;

    StreamOutput(int window) {
        this.window = window;
    }

    int window() {
        return window;
    }

    void used(int bytes) {
        window -= bytes;
    }

    /** Returns whether the window is still a legal one. */
    boolean add(int bytes) {
        long sum = (long) window + bytes;
        if (sum > Integer.MAX_VALUE) {
            return false;
        }
        window = (int) sum;
        return true;
    }

    void enqueue(ByteBuf data) {
        waiting.add(data);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes at most {@code limit} bytes from the front; there must be some, and the limit above zero. */
    ByteBuf take(int limit) {
        var first = waiting.remove();
        if (first.readableBytes() <= limit) {
            return first;
        }
        var part = first.readRetainedSlice(limit);
        // As a slice the rest has no room before its content, which is the part's: a frame's head must not go there.
        waiting.addFirst(first.slice());
        return part;
    }

    void discard() {
        for (ByteBuf next; (next = waiting.poll()) != null; ) {
            next.release();
        }
    }
}
