package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a Unix SOCK_SEQPACKET connection: datagrams in order, descriptors beside them.
 *
 * <p>The calls wait in native code, so they are for platform threads only. Thread-safe, one receiver and one sender at
 * a time; {@link #close} may come from anywhere and ends a wait.
 */
public final class SeqPacketSocket implements AutoCloseable {
    /** A longer datagram is an error on either side. */
    public static final int MAX_MESSAGE_BYTES = 1024;

    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    /** More descriptors than any message may carry: what exceeds the room is a truncation, and so an error. */
    private static final int MAX_DESCRIPTORS = 8;

    private static final int CONTROL_HEADER_BYTES = 16;
    private static final int CONTROL_BYTES = CONTROL_HEADER_BYTES + MAX_DESCRIPTORS * Integer.BYTES;
    /** {@code struct msghdr} of a 64-bit Linux. */
    private static final int HEADER_BYTES = 56;

    private static final int HEADER_IOV = 16;
    private static final int HEADER_IOV_COUNT = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_BYTES = 40;
    private static final int HEADER_FLAGS = 48;

    private final Descriptor descriptor;

    SeqPacketSocket(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** Connects to whoever listens at {@code path}. */
    public static SeqPacketSocket connect(Path path) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var descriptor = UnixAddress.newSocket(state);
            try {
                var address = UnixAddress.of(arena, path);
                if (Libc.connect(state, descriptor.number(), address, (int) address.byteSize()) < 0) {
                    throw Errno.failure("connecting to " + path, Libc.errno(state));
                }
                return new SeqPacketSocket(descriptor);
            } catch (IOException | RuntimeException e) {
                descriptor.close();
                throw e;
            }
        }
    }

    public void send(byte[] message) throws IOException {
        send(message, List.of());
    }

    /** Sends {@code message} with a duplicate of the descriptor {@code fd}; the caller keeps its own. */
    public void send(byte[] message, int fd) throws IOException {
        send(message, List.of(fd));
    }

    /**
     * Sends {@code message} with a namespace, which cannot be closed meanwhile.
     *
     * @throws IOException also if it is closed already
     */
    public void send(byte[] message, Netns namespace) throws IOException {
        int fd = namespace.enter();
        try {
            send(message, List.of(fd));
        } finally {
            namespace.leave();
        }
    }

    private void send(byte[] message, List<Integer> fds) throws IOException {
        requireMessageFits(message.length);
        Waiting.requirePlatformThread();
        int fd = descriptor.enter();
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var header = header(arena, arena.allocateFrom(ValueLayout.JAVA_BYTE, message), message.length);
            if (!fds.isEmpty()) {
                putControl(header, control(arena, fds));
            }
            long sent;
            do {
                sent = Libc.sendmsg(state, fd, header, MSG_NOSIGNAL);
            } while (sent < 0 && Libc.errno(state) == Errno.EINTR);
            if (sent < 0) {
                throw Errno.failure("sending on a local socket", Libc.errno(state));
            }
            if (sent != message.length) {
                throw new IOException("sent " + sent + " of a datagram's " + message.length + " bytes");
            }
        } finally {
            descriptor.leave();
        }
    }

    /**
     * Waits for the next datagram.
     *
     * @return nothing if the peer closed
     * @throws SocketTimeoutException if none came in time; the connection is still good
     * @throws IOException if the datagram was too long or brought too many descriptors, or the connection broke
     */
    public @Nullable Received receive(Duration timeout) throws IOException {
        Waiting.requirePlatformThread();
        int fd = descriptor.enter();
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            Waiting.forInput(arena, state, descriptor, timeout);
            var bytes = arena.allocate(MAX_MESSAGE_BYTES);
            var control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            var header = header(arena, bytes, MAX_MESSAGE_BYTES);
            putControl(header, control);
            long length;
            do {
                length = Libc.recvmsg(state, fd, header, MSG_CMSG_CLOEXEC);
            } while (length < 0 && Libc.errno(state) == Errno.EINTR);
            if (length <= 0 && descriptor.isClosed()) {
                throw new IOException("closed");
            }
            if (length < 0) {
                throw Errno.failure("receiving from a local socket", Libc.errno(state));
            }
            return received(header, bytes, control, (int) length);
        } finally {
            descriptor.leave();
        }
    }

    private static @Nullable Received received(
            MemorySegment header, MemorySegment bytes, MemorySegment control, int length) throws IOException {
        long controlLength = header.get(ValueLayout.JAVA_LONG, HEADER_CONTROL_BYTES);
        int flags = header.get(ValueLayout.JAVA_INT, HEADER_FLAGS);
        var received = new Received(
                bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), descriptorsIn(control, controlLength));
        if ((flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
            received.close();
            throw new IOException("a datagram of more than " + MAX_MESSAGE_BYTES + " bytes or " + MAX_DESCRIPTORS
                    + " descriptors came in: the peer speaks another protocol");
        }
        // A SEQPACKET socket reports its end as an empty datagram; an empty one with descriptors is a message.
        return length == 0 && received.descriptorCount() == 0 ? null : received;
    }

    private static List<Descriptor> descriptorsIn(MemorySegment control, long controlLength) {
        var found = new ArrayList<Descriptor>();
        long offset = 0;
        while (offset + CONTROL_HEADER_BYTES <= controlLength) {
            long length = control.get(ValueLayout.JAVA_LONG, offset);
            if (length < CONTROL_HEADER_BYTES || offset + length > controlLength) {
                break;
            }
            if (control.get(ValueLayout.JAVA_INT, offset + 8) == SOL_SOCKET
                    && control.get(ValueLayout.JAVA_INT, offset + 12) == SCM_RIGHTS) {
                for (long at = CONTROL_HEADER_BYTES; at + Integer.BYTES <= length; at += Integer.BYTES) {
                    found.add(new Descriptor(control.get(ValueLayout.JAVA_INT, offset + at)));
                }
            }
            offset += (length + 7) & ~7L;
        }
        return found;
    }

    private static MemorySegment header(Arena arena, MemorySegment bytes, long length) {
        var vector = arena.allocate(16, Long.BYTES);
        vector.set(ValueLayout.ADDRESS, 0, bytes);
        vector.set(ValueLayout.JAVA_LONG, 8, length);
        var header = arena.allocate(HEADER_BYTES, Long.BYTES);
        header.set(ValueLayout.ADDRESS, HEADER_IOV, vector);
        header.set(ValueLayout.JAVA_LONG, HEADER_IOV_COUNT, 1);
        return header;
    }

    private static MemorySegment control(Arena arena, List<Integer> fds) {
        int length = CONTROL_HEADER_BYTES + fds.size() * Integer.BYTES;
        var control = arena.allocate((length + 7) & ~7, Long.BYTES);
        control.set(ValueLayout.JAVA_LONG, 0, length);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < fds.size(); i++) {
            control.set(ValueLayout.JAVA_INT, CONTROL_HEADER_BYTES + i * (long) Integer.BYTES, fds.get(i));
        }
        return control;
    }

    private static void putControl(MemorySegment header, MemorySegment control) {
        header.set(ValueLayout.ADDRESS, HEADER_CONTROL, control);
        header.set(ValueLayout.JAVA_LONG, HEADER_CONTROL_BYTES, control.byteSize());
    }

    private static void requireMessageFits(int length) throws IOException {
        // The empty datagram cannot be told from the end of the connection.
        if (length == 0 || length > MAX_MESSAGE_BYTES) {
            throw new IOException("a datagram has 1 to " + MAX_MESSAGE_BYTES + " bytes, not " + length);
        }
    }

    public boolean isClosed() {
        return descriptor.isClosed();
    }

    @Override
    public void close() {
        Waiting.closeAndWake(descriptor);
    }
}
