package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/**
 * A listening socket that a child process inherits, and adopts by its number ({@code new EpollServerSocketChannel(fd)}):
 * so that a process inside a namespace can be reached from outside it.
 *
 * <p>Only {@link SpawnedProcess} lets it through; the JDK closes all descriptors in its children. Thread-safe.
 */
public final class InheritedListener implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int BACKLOG = 128;
    /** {@code struct sockaddr_in}. */
    private static final int ADDRESS_BYTES = 16;

    private final Descriptor descriptor;

    private InheritedListener(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Listens at an IPv4 address, without accepting anything. */
    public static InheritedListener open(InetSocketAddress address) throws IOException {
        if (!(address.getAddress() instanceof Inet4Address ip)) {
            throw new IllegalArgumentException("not an IPv4 address: " + address);
        }
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int fd = Libc.socket(state, AF_INET, SOCK_STREAM, 0);
            if (fd < 0) {
                throw Errno.failure("opening a socket", Libc.errno(state));
            }
            var descriptor = new Descriptor(fd);
            try {
                var on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
                var name = arena.allocate(ADDRESS_BYTES);
                name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
                name.set(ValueLayout.JAVA_BYTE, 2, (byte) (address.getPort() >> 8));
                name.set(ValueLayout.JAVA_BYTE, 3, (byte) address.getPort());
                name.asSlice(4, 4).copyFrom(MemorySegment.ofArray(ip.getAddress()));
                if (Libc.setsockopt(state, fd, SOL_SOCKET, SO_REUSEADDR, on) < 0
                        || Libc.bind(state, fd, name, ADDRESS_BYTES) < 0
                        || Libc.listen(state, fd, BACKLOG) < 0) {
                    throw Errno.failure("listening on " + address, Libc.errno(state));
                }
                return new InheritedListener(descriptor);
            } catch (IOException | RuntimeException e) {
                descriptor.close();
                throw e;
            }
        }
    }

    /** The number, the same here and in a child. */
    public int descriptor() {
        return descriptor.number();
    }

    /** Closes it in this process; a child that inherited it keeps listening. */
    @Override
    public void close() {
        descriptor.close();
    }
}
