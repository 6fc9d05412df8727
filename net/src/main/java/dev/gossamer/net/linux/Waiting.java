package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Waiting for a descriptor in native code, and ending such a wait from another thread. Thread-safe. */
final class Waiting {
    private static final short POLLIN = 1;
    private static final int SHUT_RDWR = 2;

    private Waiting() {}

    /** A native wait on a virtual thread would take its carrier from all others. */
    static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("waits in native code: call it from a platform thread");
        }
    }

    /** Returns when there is input, or an end or an error to be read. */
    static void forInput(Arena arena, MemorySegment state, Descriptor descriptor, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        var poll = arena.allocate(8, Integer.BYTES);
        poll.set(ValueLayout.JAVA_INT, 0, descriptor.number());
        poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        while (true) {
            long millis = Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000);
            int ready = Libc.poll(state, poll, 1, (int) Math.min(millis, Integer.MAX_VALUE));
            if (descriptor.isClosed()) {
                throw new IOException("closed");
            }
            if (ready > 0) {
                return;
            }
            if (ready < 0 && Libc.errno(state) != Errno.EINTR) {
                throw Errno.failure("waiting for a local socket", Libc.errno(state));
            }
            if (ready == 0 && millis == 0) {
                throw new SocketTimeoutException("nothing came within " + timeout.toMillis() + " ms");
            }
        }
    }

    /** Closes, and ends the waits of other threads, who then find the descriptor closed. */
    static void closeAndWake(Descriptor descriptor) {
        int fd;
        try {
            fd = descriptor.enter();
        } catch (IOException _) {
            // Closed already: nobody waits.
            return;
        }
        // While it is in use the number stays ours, so it can be marked as closed first: who wakes up sees that.
        descriptor.close();
        try (var arena = Arena.ofConfined()) {
            // Fails where there is no peer any more, who then needs no waking.
            var _ = Libc.shutdown(Libc.newState(arena), fd, SHUT_RDWR);
        } finally {
            descriptor.leave();
        }
    }
}
