package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code struct sockaddr_un}, and the sockets that are bound to one. Thread-safe. */
final class UnixAddress {
    private static final short AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MAX_PATH_BYTES = 107;

    private UnixAddress() {}

    static MemorySegment of(Arena arena, Path path) throws IOException {
        var name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length > MAX_PATH_BYTES) {
            throw new IOException(
                    "the socket's path has more than " + MAX_PATH_BYTES + " bytes, choose a shorter one: " + path);
        }
        var address = arena.allocate(Short.BYTES + MAX_PATH_BYTES + 1);
        address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
        return address;
    }

    static Descriptor newSocket(MemorySegment state) throws IOException {
        int fd = Libc.socket(state, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw Errno.failure("opening a local socket", Libc.errno(state));
        }
        return new Descriptor(fd);
    }
}
