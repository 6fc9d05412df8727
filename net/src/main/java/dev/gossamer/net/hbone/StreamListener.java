package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;

/** Hears what happens on a stream. Called on the event loop of the connection; nothing in here may wait. */
public interface StreamListener {
    /** The server's answer to a client's CONNECT; 200 is success, after anything else the stream is ended. */
    default void onResponse(HboneStream stream, int status, HboneHeaders headers) {}

    /**
     * Bytes from the peer; the listener owns {@code data}. What has been passed on is to be reported with {@link
     * HboneStream#consumed}, else the peer stops sending.
     */
    void onData(ByteBuf data);

    /** The last {@link #onData} of this turn of the loop has been: a good moment to flush. */
    default void onDataComplete() {}

    /** The peer sends no more, and has not been cut off. */
    void onEnd();

    /** {@link HboneStream#isWritable} became true. */
    default void onWritable() {}

    /** The stream is gone. Called once, unless this side reset it. */
    void onClosed(StreamEnd end);
}
