package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One CONNECT: two byte streams, ended each by itself, inside a tunnel.
 *
 * <p>Until someone listens, what comes in is kept, which the stream's window bounds. Confined to the connection's event
 * loop.
 */
public final class HboneStream {
    private final HboneConnection connection;
    private final int id;
    private final StreamInput input;
    private final StreamOutput output;
    private @Nullable StreamListener listener;
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(0);
    private @Nullable StreamEnd end;

    /** Whether the peer's HEADERS (client) or our own (server) have been. */
    private boolean answered;

    private boolean endAsked;
    private boolean endSent;
    private boolean endReceived;
    private boolean closed;
    private boolean waiting;
    private boolean dirty;

    HboneStream(HboneConnection connection, int id, StreamInput input, StreamOutput output) {
        this.connection = connection;
        this.id = id;
        this.input = input;
        this.output = output;
    }

    public int id() {
        return id;
    }

    public HboneConnection connection() {
        return connection;
    }

    /** Whether nothing can be sent or received any more. */
    public boolean isClosed() {
        return closed;
    }

    /** From now on {@code listener} hears what happens; first what has happened already. */
    public void listen(StreamListener listener) {
        connection.assertInLoop();
        this.listener = listener;
        boolean any = !early.isEmpty();
        for (ByteBuf data; (data = early.poll()) != null; ) {
            listener.onData(data);
        }
        if (any) {
            listener.onDataComplete();
        }
        if (endReceived && (end == null || end instanceof StreamEnd.Finished)) {
            listener.onEnd();
        }
        if (end != null) {
            listener.onClosed(end);
        }
    }

    /** Server: tells the peer that the stream is open both ways. */
    public void accept(HboneHeaders headers) {
        connection.assertInLoop();
        if (closed) {
            return;
        }
        requireUnanswered();
        connection.sendResponse(this, 200, headers, false);
    }

    /** Server: refuses with a status such as 403, and ends the stream. */
    public void reject(int status) {
        connection.assertInLoop();
        if (closed) {
            return;
        }
        requireUnanswered();
        connection.sendResponse(this, status, HboneHeaders.NONE, true);
        // RFC 9113, section 8.1: NO_ERROR asks the peer to stop sending what nobody wants, the answer being complete.
        endSent = true;
        if (endReceived) {
            finish(null);
        } else {
            reset(ErrorCode.NO_ERROR);
        }
    }

    private void requireUnanswered() {
        if (answered) {
            throw new IllegalStateException("stream " + id + " is answered already");
        }
        answered = true;
    }

    /**
     * Sends bytes; the stream owns {@code data}, and may write over what lies before its content. They leave with the
     * next {@link #flush}. Whoever goes on although {@link #isWritable} is false fills memory.
     */
    public void write(ByteBuf data) {
        connection.assertInLoop();
        if (closed || endAsked || !data.isReadable()) {
            data.release();
            return;
        }
        connection.sender().send(this, data);
    }

    /** Sends what was written at the end of this turn of the event loop, together with what other streams wrote. */
    public void flush() {
        connection.flushSoon();
    }

    /** Whether more can be written now; if not, {@link StreamListener#onWritable} will tell when. */
    public boolean isWritable() {
        return !closed && connection.sender().isWritable(this);
    }

    /** Sends no more: the peer learns that all that was written is all there is. */
    public void end() {
        connection.assertInLoop();
        if (closed || endAsked) {
            return;
        }
        endAsked = true;
        connection.sender().pump(this);
        connection.flushSoon();
    }

    /** Cuts the stream off; nobody hears of it any more on this side. */
    public void reset(ErrorCode code) {
        connection.assertInLoop();
        if (closed) {
            return;
        }
        connection.sendReset(id, code);
        finish(null);
    }

    /** So many bytes more of {@link StreamListener#onData} have been passed on. */
    public void consumed(int bytes) {
        connection.assertInLoop();
        if (closed || bytes == 0) {
            return;
        }
        input.passedOn(bytes);
        if (!endReceived) {
            connection.topUp(this);
        }
    }

    // what the connection needs

    StreamInput input() {
        return input;
    }

    StreamOutput output() {
        return output;
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isEndDue() {
        return endAsked && !endSent && output.isEmpty();
    }

    void onEndSent() {
        endSent = true;
        finishIfDone();
    }

    boolean isEndReceived() {
        return endReceived;
    }

    boolean startWaiting() {
        boolean started = !waiting;
        waiting = true;
        return started;
    }

    boolean isWaiting() {
        return waiting;
    }

    void stopWaiting() {
        waiting = false;
    }

    /** Returns whether this is the stream's first data since the last {@link #onDataComplete}. */
    boolean onData(ByteBuf data) {
        boolean first = !dirty;
        dirty = true;
        if (listener == null) {
            early.add(data);
        } else {
            listener.onData(data);
        }
        return first;
    }

    void onDataComplete() {
        dirty = false;
        if (listener != null && !closed) {
            listener.onDataComplete();
        }
    }

    void onResponse(int status, HboneHeaders headers) {
        answered = true;
        if (listener != null) {
            listener.onResponse(this, status, headers);
        }
    }

    void onEnd() {
        endReceived = true;
        if (listener != null) {
            listener.onEnd();
        }
        finishIfDone();
    }

    void onWritable() {
        if (listener != null) {
            listener.onWritable();
        }
    }

    private void finishIfDone() {
        if (endSent && endReceived && !closed) {
            finish(new StreamEnd.Finished());
        }
    }

    /** {@code reason}: what the listener is told; nothing where this side ended the stream itself. */
    void finish(@Nullable StreamEnd reason) {
        if (closed) {
            return;
        }
        closed = true;
        end = reason;
        connection.sender().forget(this);
        output.discard();
        input.close();
        if (!(reason instanceof StreamEnd.Finished)) {
            discardEarly();
        }
        connection.onStreamClosed(this);
        if (listener != null && reason != null) {
            listener.onClosed(reason);
        }
    }

    private void discardEarly() {
        for (ByteBuf data; (data = early.poll()) != null; ) {
            data.release();
        }
    }
}
