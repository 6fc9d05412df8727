package dev.gossamer.net.hbone;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory all peers of the process together may fill by sending to readers that do not read.
 *
 * <p>Every byte of a window is a promise to hold it. Half of the budget is shared out evenly: the more streams, the
 * smaller the window that each begins with. The other half lets streams in use grow theirs, first come first served.
 * Below {@value #SMALLEST_BYTES} bytes no window shrinks, since streams would stop; so the budget is exceeded only
 * where more streams are open than it has such windows, and all of them are stalled at once. Thread-safe.
 */
public final class WindowBudget {
    static final int SMALLEST_BYTES = 16 * 1024;
    static final int LARGEST_FIRST_BYTES = 256 * 1024;

    private final long half;
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong grown = new AtomicLong();

    public WindowBudget(long bytes) {
        if (bytes < 2L * LARGEST_FIRST_BYTES) {
            throw new IllegalArgumentException(
                    "a budget below " + 2 * LARGEST_FIRST_BYTES + " bytes is too small: " + bytes);
        }
        this.half = bytes / 2;
    }

    void opened() {
        streams.incrementAndGet();
    }

    /** {@code extra}: what the stream had been granted by {@link #tryGrow}. */
    void closed(int extra) {
        streams.decrementAndGet();
        grown.addAndGet(-extra);
    }

    /** The window that a stream begins with at present: a power of two. */
    int firstWindow() {
        long share = half / Math.max(1, streams.get());
        return Math.clamp(Long.highestOneBit(share), SMALLEST_BYTES, LARGEST_FIRST_BYTES);
    }

    /** Grants a stream {@code extra} bytes more, until it is closed; or nothing. */
    boolean tryGrow(int extra) {
        while (true) {
            long before = grown.get();
            if (before + extra > half) {
                return false;
            }
            if (grown.compareAndSet(before, before + extra)) {
                return true;
            }
        }
    }

    int streams() {
        return streams.get();
    }

    long grown() {
        return grown.get();
    }
}
