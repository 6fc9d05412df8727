package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Tries out at the start of a program what it will need later, while an operator still watches. Thread-safe. */
public final class NodePrivileges {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_MARK = 36;
    private static final int SOL_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    /** Any mark will do: the probe sends nothing. */
    private static final int PROBE_MARK = 1337;

    private NodePrivileges() {}

    /**
     * Returns if the process may enter network namespaces and mark packets.
     *
     * @throws MissingPrivilegeException saying which capability to add
     */
    public static void require() throws MissingPrivilegeException {
        try (var own = Netns.ownProcess()) {
            own.call(() -> null);
        } catch (Exception e) {
            throw new MissingPrivilegeException(
                    "cannot enter network namespaces (" + e.getMessage()
                            + "): run as root, or with the capabilities SYS_ADMIN and NET_ADMIN",
                    e);
        }
        if (!canSet(SOL_SOCKET, SO_MARK, PROBE_MARK)) {
            throw new MissingPrivilegeException(
                    "cannot mark packets (SO_MARK): run as root, or with the capability NET_ADMIN");
        }
    }

    /** Whether connections can be made from addresses of others, which keeps a client's address visible. */
    public static boolean canBeTransparent() {
        return canSet(SOL_IP, IP_TRANSPARENT, 1);
    }

    private static boolean canSet(int level, int option, int value) {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var socket = socket(state);
            try {
                return Libc.setsockopt(
                                state, socket.number(), level, option, arena.allocateFrom(ValueLayout.JAVA_INT, value))
                        >= 0;
            } finally {
                socket.close();
            }
        } catch (IOException _) {
            return false;
        }
    }

    private static Descriptor socket(MemorySegment state) throws IOException {
        int fd = Libc.socket(state, AF_INET, SOCK_STREAM_CLOEXEC, 0);
        if (fd < 0) {
            throw Errno.failure("opening a socket", Libc.errno(state));
        }
        return new Descriptor(fd);
    }
}
