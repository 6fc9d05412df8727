package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;

/** Takes the frames that {@link FrameReader} finds, which have the right size and a stream where they need one. */
interface FrameSink {
    /** A DATA frame begins; {@code length} counts for flow control, padding and all. */
    void onDataStart(int stream, int length) throws ConnectionError;

    /** A part of its content; the sink owns {@code part}. */
    void onDataPart(int stream, ByteBuf part) throws ConnectionError;

    void onDataEnd(int stream, int length, boolean endStream) throws ConnectionError;

    /** A whole header block; the reader owns {@code block}. */
    void onHeaders(int stream, ByteBuf block, boolean endStream) throws ConnectionError;

    void onReset(int stream, long code) throws ConnectionError;

    /** {@code settings}: pairs of a 16-bit key and a 32-bit value; the reader owns it. */
    void onSettings(ByteBuf settings) throws ConnectionError;

    void onSettingsAck() throws ConnectionError;

    void onPing(long content, boolean ack) throws ConnectionError;

    void onGoAway(int lastStream, long code, String text) throws ConnectionError;

    void onWindowUpdate(int stream, int increment) throws ConnectionError;

    /** A frame that means nothing here. */
    void onIgnored() throws ConnectionError;
}
