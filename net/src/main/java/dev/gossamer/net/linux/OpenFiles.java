package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/** How many files and sockets the process may have open. Thread-safe. */
public final class OpenFiles {
    private static final int RLIMIT_NOFILE = 7;

    private OpenFiles() {}

    /** Raises the soft limit to the hard one. Returns the limit that then holds. */
    public static long raiseLimit() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var limit = arena.allocate(2 * Long.BYTES, Long.BYTES);
            if (Libc.getrlimit(state, RLIMIT_NOFILE, limit) < 0) {
                throw Errno.failure("reading the limit of open files", Libc.errno(state));
            }
            long hard = limit.get(ValueLayout.JAVA_LONG, Long.BYTES);
            if (limit.get(ValueLayout.JAVA_LONG, 0) == hard) {
                return hard;
            }
            limit.set(ValueLayout.JAVA_LONG, 0, hard);
            if (Libc.setrlimit(state, RLIMIT_NOFILE, limit) < 0) {
                throw Errno.failure("raising the limit of open files to " + hard, Libc.errno(state));
            }
            return hard;
        }
    }
}
