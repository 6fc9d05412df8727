package dev.gossamer.net.relay;

import io.netty.buffer.ByteBuf;

/** One end of a relay, as the relay uses it. Confined to the relay's event loop. */
interface RelayEnd {
    /** Begins to read; what was read before is passed on first. */
    void start(Relay relay, Side side);

    /** Takes over {@code data}. */
    void write(ByteBuf data);

    void flush();

    /** Whether more may be written; if not, the end calls {@link Relay#onWritable} when it is again. */
    boolean isWritable();

    /** What came from here has been passed on: more may come. */
    void resume();

    /** What came from here waits to be passed on: no more should come. */
    void pause();

    /** Sends no more after what was written. */
    void endOutput();

    /** Both directions have ended; lets go in good order. */
    void finish();

    /** Breaks off, such that the other end of the connection can tell it from an end. */
    void abort();
}
