package dev.gossamer.net.linux;

import dev.gossamer.net.loop.PlatformThreads;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network namespace, held open.
 *
 * <p>What {@link #call} opens, it opens in here: a socket stays for ever in the namespace that its creating thread was
 * in. Thread-safe.
 */
public final class Netns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Netns.class);

    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int CLONE_NEWNET = 0x40000000;
    /** {@code NS_GET_NSTYPE} of {@code linux/nsfs.h}. */
    private static final long NS_GET_NSTYPE = 0xb703;
    /** {@code EX_OSERR} of sysexits: the system refused what cannot be gone without. */
    private static final int EXIT_OS_ERROR = 71;

    /** Which namespace a thread is in, where it is not the process's own. */
    private static final ThreadLocal<Place> THREAD = ThreadLocal.withInitial(Place::new);

    private final Descriptor descriptor;
    private final Id id;

    /** What tells namespaces apart, as long as one of both is open. Immutable. */
    public record Id(long device, long inode) {
        @Override
        public String toString() {
            return device + ":" + inode;
        }
    }

    /** Per thread: memory for {@code errno}, and the namespace to go back to. Confined to its thread. */
    private static final class Place {
        final MemorySegment state = Libc.newState(Arena.ofAuto());
        int current = Home.DESCRIPTOR;
    }

    /** The namespace that the process was started in. Opened at first use, never closed. */
    private static final class Home {
        static final int DESCRIPTOR;

        static {
            try {
                DESCRIPTOR = openFile(Path.of("/proc/self/ns/net"));
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    private Netns(int fd, String origin) throws IOException {
        this.descriptor = new Descriptor(fd);
        try {
            requireNetworkNamespace(fd, origin);
            this.id = identify(fd);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /**
     * Opens the namespace behind {@code file}, such as {@code /run/netns/x} or {@code /proc/1/ns/net}.
     *
     * @throws IOException if there is none, or the file is something else
     */
    public static Netns open(Path file) throws IOException {
        return new Netns(openFile(file), file.toString());
    }

    /**
     * Takes over a descriptor, for one received from another process.
     *
     * @throws IOException if it is not of a network namespace; the descriptor is then closed
     */
    public static Netns adopt(int fd) throws IOException {
        return new Netns(fd, "the descriptor received");
    }

    /** The namespace that the process was started in. */
    public static Netns ownProcess() throws IOException {
        return open(Path.of("/proc/self/ns/net"));
    }

    public Id id() {
        return id;
    }

    /** The number to pass to another process. Valid until {@link #close}. */
    public int descriptor() {
        return descriptor.number();
    }

    public boolean isClosed() {
        return descriptor.isClosed();
    }

    /** Keeps the namespace open until {@link #leave}. */
    int enter() throws IOException {
        return descriptor.enter();
    }

    void leave() {
        descriptor.leave();
    }

    /**
     * Runs {@code action} inside the namespace; the caller's thread is back in its own when this returns or throws.
     *
     * <p>On a platform thread, that of an event loop included, the action runs right here. A virtual thread shares its
     * carrier with others, so there it runs on a platform thread made for it, and the virtual thread waits.
     *
     * @throws IOException if the namespace cannot be entered, or is closed
     */
    public <T extends @Nullable Object> T call(Callable<T> action) throws Exception {
        return Thread.currentThread().isVirtual() ? callOnPlatformThread(action) : callHere(action);
    }

    private <T extends @Nullable Object> T callHere(Callable<T> action) throws Exception {
        var thread = THREAD.get();
        int before = thread.current;
        int fd = descriptor.enter();
        try {
            if (Libc.setns(thread.state, fd, CLONE_NEWNET) < 0) {
                throw Errno.failure(
                        "entering network namespace " + id + " (needs CAP_SYS_ADMIN)", Libc.errno(thread.state));
            }
            thread.current = fd;
            try {
                return action.call();
            } finally {
                leave(thread, before);
            }
        } finally {
            descriptor.leave();
        }
    }

    private static void leave(Place thread, int before) {
        if (Libc.setns(thread.state, before, CLONE_NEWNET) < 0) {
            // The next socket of this thread would be opened in a pod that it has nothing to do with.
            LOG.error("cannot leave a network namespace: {}; stopping", Errno.text(Libc.errno(thread.state)));
            Runtime.getRuntime().halt(EXIT_OS_ERROR);
        }
        thread.current = before;
    }

    private <T extends @Nullable Object> T callOnPlatformThread(Callable<T> action) throws Exception {
        var task = new FutureTask<T>(() -> callHere(action));
        PlatformThreads.start("netns-call", task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Lets go of the namespace. Sockets that were opened in it keep it alive. */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "netns " + id;
    }

    private static int openFile(Path file) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            int fd = Libc.open(state, arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
            if (fd < 0) {
                throw Errno.failure("opening network namespace " + file, Libc.errno(state));
            }
            return fd;
        }
    }

    private static void requireNetworkNamespace(int fd, String origin) throws IOException {
        try (var arena = Arena.ofConfined()) {
            if (Libc.ioctl(Libc.newState(arena), fd, NS_GET_NSTYPE) != CLONE_NEWNET) {
                throw new IOException(origin + " is not a network namespace");
            }
        }
    }

    private static Id identify(int fd) throws IOException {
        var attributes = Files.readAttributes(Path.of("/proc/self/fd/" + fd), "unix:dev,ino");
        return new Id(number(attributes.get("dev")), number(attributes.get("ino")));
    }

    private static long number(@Nullable Object attribute) throws IOException {
        if (attribute instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("this system tells no device and inode numbers of files");
    }
}
