package dev.gossamer.net.linux;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * A file descriptor of our own that is closed exactly once, and never while a call uses it: a number closed too early
 * may by then be another file's.
 *
 * <p>Thread-safe: uses are counted, the last one out closes.
 */
final class Descriptor implements Closeable {
    private final int number;

    @GuardedBy("this")
    private int users;

    @GuardedBy("this")
    private boolean closed;

    Descriptor(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Takes part in the use of the descriptor until {@link #leave}. */
    synchronized int enter() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        users++;
        return number;
    }

    void leave() {
        synchronized (this) {
            users--;
            if (!closed || users > 0) {
                return;
            }
        }
        release();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Refuses further uses; the number itself is given back once nobody uses it. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (users > 0) {
                return;
            }
        }
        release();
    }

    private void release() {
        try (var arena = Arena.ofConfined()) {
            // EINTR and EIO leave the number closed as well (Linux), so there is nothing to do about a failure.
            var _ = Libc.close(Libc.newState(arena), number);
        }
    }
}
