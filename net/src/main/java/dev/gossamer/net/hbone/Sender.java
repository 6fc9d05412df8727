package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;

/**
 * Sends the streams' bytes as far as the peer's windows and the socket allow; streams that must wait take turns.
 *
 * <p>Confined to the connection's event loop.
 */
final class Sender {
    private final FrameWriter writer;
    private final Channel channel;
    private final ArrayDeque<HboneStream> waiting = new ArrayDeque<>();
    private int window = FrameType.DEFAULT_WINDOW;
    private int firstStreamWindow = FrameType.DEFAULT_WINDOW;

    Sender(FrameWriter writer, Channel channel) {
        this.writer = writer;
        this.channel = channel;
    }

    /** What the peer lets each new stream send. */
    int firstStreamWindow() {
        return firstStreamWindow;
    }

    /** Returns by how much the peer changed it. */
    int changeFirstStreamWindow(int bytes) {
        int change = bytes - firstStreamWindow;
        firstStreamWindow = bytes;
        return change;
    }

    void addWindow(int bytes) throws ConnectionError {
        if ((long) window + bytes > Integer.MAX_VALUE) {
            throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "the connection's window overflows");
        }
        window += bytes;
    }

    /** Takes over {@code data}. */
    void send(HboneStream stream, ByteBuf data) {
        var output = stream.output();
        int length = data.readableBytes();
        if (output.isEmpty() && length <= output.window() && length <= window && length <= writer.maxFrameBytes()) {
            output.used(length);
            window -= length;
            writer.data(stream.id(), data, false);
            return;
        }
        output.enqueue(data);
        pump(stream);
    }

    /** Sends what waits, then the end, if that is due. */
    void pump(HboneStream stream) {
        var output = stream.output();
        while (!output.isEmpty()) {
            int limit = Math.min(Math.min(output.window(), window), writer.maxFrameBytes());
            if (limit <= 0) {
                await(stream);
                return;
            }
            var data = output.take(limit);
            output.used(data.readableBytes());
            window -= data.readableBytes();
            writer.data(stream.id(), data, false);
        }
        if (stream.isEndDue()) {
            writer.end(stream.id());
            stream.onEndSent();
        }
    }

    boolean isWritable(HboneStream stream) {
        if (stream.output().isEmpty() && channel.isWritable()) {
            return true;
        }
        await(stream);
        return false;
    }

    private void await(HboneStream stream) {
        if (stream.startWaiting()) {
            waiting.add(stream);
        }
    }

    /** A window or the socket has room: every stream that waits gets a turn. Returns whether any did. */
    boolean resume() {
        int turns = waiting.size();
        boolean any = turns > 0;
        while (turns-- > 0 && channel.isWritable()) {
            var stream = waiting.poll();
            if (stream == null) {
                break;
            }
            stream.stopWaiting();
            takeTurn(stream);
        }
        return any;
    }

    /** The same for one stream, whose own window has room. */
    void resume(HboneStream stream) {
        if (stream.isWaiting()) {
            forget(stream);
            takeTurn(stream);
        }
    }

    private void takeTurn(HboneStream stream) {
        pump(stream);
        if (!stream.isClosed() && stream.output().isEmpty()) {
            if (channel.isWritable()) {
                stream.onWritable();
            } else {
                await(stream);
            }
        }
    }

    /** The stream waits no more. */
    void forget(HboneStream stream) {
        if (stream.isWaiting()) {
            stream.stopWaiting();
            waiting.remove(stream);
        }
    }
}
