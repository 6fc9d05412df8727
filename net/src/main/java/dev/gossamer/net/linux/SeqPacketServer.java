package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Listens for SOCK_SEQPACKET connections at a path.
 *
 * <p>{@link #accept} waits in native code, so it is for platform threads only. Thread-safe; {@link #close} ends a wait.
 */
public final class SeqPacketServer implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int SOCK_CLOEXEC = 0x80000;
    /** Bounds a wait that nothing else ends; the caller does not notice. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Descriptor descriptor;
    private final Path path;
    private final @Nullable Object file;

    private SeqPacketServer(Descriptor descriptor, Path path, @Nullable Object file) {
        this.descriptor = descriptor;
        this.path = path;
        this.file = file;
    }

    /** Listens at {@code path}. A file that is left there from an earlier run is replaced. */
    public static SeqPacketServer listen(Path path) throws IOException {
        Files.deleteIfExists(path);
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var descriptor = UnixAddress.newSocket(state);
            try {
                var address = UnixAddress.of(arena, path);
                if (Libc.bind(state, descriptor.number(), address, (int) address.byteSize()) < 0) {
                    throw Errno.failure("listening at " + path, Libc.errno(state));
                }
                if (Libc.listen(state, descriptor.number(), BACKLOG) < 0) {
                    throw Errno.failure("listening at " + path, Libc.errno(state));
                }
                return new SeqPacketServer(descriptor, path, fileAt(path));
            } catch (IOException | RuntimeException e) {
                descriptor.close();
                throw e;
            }
        }
    }

    /**
     * Waits for the next connection.
     *
     * @throws IOException if the server was closed, or the system is out of descriptors
     */
    public SeqPacketSocket accept() throws IOException {
        Waiting.requirePlatformThread();
        int fd = descriptor.enter();
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            while (true) {
                try {
                    Waiting.forInput(arena, state, descriptor, TURN);
                } catch (SocketTimeoutException _) {
                    continue;
                }
                int accepted = Libc.accept(state, fd, SOCK_CLOEXEC);
                if (accepted >= 0) {
                    return new SeqPacketSocket(new Descriptor(accepted));
                }
                int errno = Libc.errno(state);
                if (descriptor.isClosed()) {
                    throw new IOException("closed");
                }
                if (errno != Errno.EINTR && errno != Errno.EAGAIN) {
                    throw Errno.failure("accepting at " + path, errno);
                }
            }
        } finally {
            descriptor.leave();
        }
    }

    /** Stops listening and removes the path. Accepted connections live on. */
    @Override
    public void close() {
        if (descriptor.isClosed()) {
            return;
        }
        Waiting.closeAndWake(descriptor);
        try {
            // During an upgrade the path may by now be the successor's.
            if (Objects.equals(fileAt(path), file)) {
                Files.delete(path);
            }
        } catch (IOException _) {
            // The next listener replaces it.
        }
    }

    private static @Nullable Object fileAt(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
