package dev.gossamer.net.linux;

import java.io.IOException;

/** The error numbers of Linux that this package tells apart or puts in words. Immutable. */
final class Errno {
    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;

    private Errno() {}

    /** {@code what}: the attempt, in words that say on what. */
    static IOException failure(String what, int errno) {
        return new IOException(what + " failed: " + text(errno));
    }

    static String text(int errno) {
        return switch (errno) {
            case EPERM -> "operation not permitted (EPERM)";
            case 2 -> "no such file or directory (ENOENT)";
            case 9 -> "bad file descriptor (EBADF)";
            case EAGAIN -> "try again (EAGAIN)";
            case 12 -> "out of memory (ENOMEM)";
            case 13 -> "permission denied (EACCES)";
            case EINVAL -> "invalid argument (EINVAL)";
            case 23 -> "too many open files in the system (ENFILE)";
            case 24 -> "too many open files (EMFILE)";
            case 32 -> "broken pipe (EPIPE)";
            case 90 -> "message too long (EMSGSIZE)";
            case 97 -> "address family not supported (EAFNOSUPPORT)";
            case 98 -> "address in use (EADDRINUSE)";
            case 99 -> "address not available (EADDRNOTAVAIL)";
            case 104 -> "connection reset by peer (ECONNRESET)";
            case 107 -> "not connected (ENOTCONN)";
            case 111 -> "connection refused (ECONNREFUSED)";
            default -> "errno " + errno;
        };
    }
}
