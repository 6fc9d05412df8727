package dev.gossamer.net.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's functions that this package calls, as they are in C. A result below zero stands for failure; {@code
 * errno} is left in {@code state}, a segment of {@link #STATE}. Thread-safe.
 */
final class Libc {
    static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();

    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CONNECT =
            function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle LISTEN = function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT4 =
            function("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle SHUTDOWN =
            function("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDMSG =
            function("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECVMSG =
            function("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETRLIMIT =
            function("getrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SETRLIMIT =
            function("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle SPAWN = function(
            "posix_spawnp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle SPAWN_ACTIONS_INIT =
            function("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SPAWN_ACTIONS_DESTROY =
            function("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SPAWN_ACTIONS_OPEN = function(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle SPAWN_ACTIONS_DUP2 =
            function("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle SPAWN_ATTRIBUTES_INIT =
            function("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SPAWN_ATTRIBUTES_DESTROY =
            function("posix_spawnattr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle SPAWN_ATTRIBUTES_FLAGS = function(
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, java.lang.foreign.ValueLayout.JAVA_SHORT));

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), type, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int firstVariadic, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                SYMBOLS.findOrThrow(name),
                type,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    static MemorySegment newState(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    static int open(MemorySegment state, MemorySegment path, int flags) {
        return asInt(() -> (int) OPEN.invokeExact(state, path, flags, 0));
    }

    static int ioctl(MemorySegment state, int fd, long request) {
        return asInt(() -> (int) IOCTL.invokeExact(state, fd, request, 0L));
    }

    static int close(MemorySegment state, int fd) {
        return asInt(() -> (int) CLOSE.invokeExact(state, fd));
    }

    static int setns(MemorySegment state, int fd, int type) {
        // Called per connection, on event loops: no lambda, no allocation.
        try {
            return (int) SETNS.invokeExact(state, fd, type);
        } catch (Throwable e) {
            throw new AssertionError("setns cannot throw", e);
        }
    }

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        return asInt(() -> (int) SOCKET.invokeExact(state, domain, type, protocol));
    }

    static int bind(MemorySegment state, int fd, MemorySegment address, int length) {
        return asInt(() -> (int) BIND.invokeExact(state, fd, address, length));
    }

    static int connect(MemorySegment state, int fd, MemorySegment address, int length) {
        return asInt(() -> (int) CONNECT.invokeExact(state, fd, address, length));
    }

    static int listen(MemorySegment state, int fd, int backlog) {
        return asInt(() -> (int) LISTEN.invokeExact(state, fd, backlog));
    }

    static int accept(MemorySegment state, int fd, int flags) {
        return asInt(() -> (int) ACCEPT4.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags));
    }

    static int shutdown(MemorySegment state, int fd, int how) {
        return asInt(() -> (int) SHUTDOWN.invokeExact(state, fd, how));
    }

    static int poll(MemorySegment state, MemorySegment descriptors, long count, int millis) {
        return asInt(() -> (int) POLL.invokeExact(state, descriptors, count, millis));
    }

    static long sendmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        return asLong(() -> (long) SENDMSG.invokeExact(state, fd, message, flags));
    }

    static long recvmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        return asLong(() -> (long) RECVMSG.invokeExact(state, fd, message, flags));
    }

    static int setsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value) {
        return asInt(() -> (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, (int) value.byteSize()));
    }

    static int getrlimit(MemorySegment state, int resource, MemorySegment limit) {
        return asInt(() -> (int) GETRLIMIT.invokeExact(state, resource, limit));
    }

    static int setrlimit(MemorySegment state, int resource, MemorySegment limit) {
        return asInt(() -> (int) SETRLIMIT.invokeExact(state, resource, limit));
    }

    /** The {@code posix_spawn} family returns the error number itself. */
    static int spawn(
            MemorySegment state,
            MemorySegment pid,
            MemorySegment file,
            MemorySegment actions,
            MemorySegment attributes,
            MemorySegment arguments,
            MemorySegment environment) {
        return asInt(() -> (int) SPAWN.invokeExact(state, pid, file, actions, attributes, arguments, environment));
    }

    static int spawnActionsInit(MemorySegment state, MemorySegment actions) {
        return asInt(() -> (int) SPAWN_ACTIONS_INIT.invokeExact(state, actions));
    }

    static int spawnActionsDestroy(MemorySegment state, MemorySegment actions) {
        return asInt(() -> (int) SPAWN_ACTIONS_DESTROY.invokeExact(state, actions));
    }

    static int spawnActionsOpen(MemorySegment state, MemorySegment actions, int fd, MemorySegment path, int flags) {
        return asInt(() -> (int) SPAWN_ACTIONS_OPEN.invokeExact(state, actions, fd, path, flags, 0600));
    }

    static int spawnActionsDup2(MemorySegment state, MemorySegment actions, int fd, int newFd) {
        return asInt(() -> (int) SPAWN_ACTIONS_DUP2.invokeExact(state, actions, fd, newFd));
    }

    static int spawnAttributesInit(MemorySegment state, MemorySegment attributes) {
        return asInt(() -> (int) SPAWN_ATTRIBUTES_INIT.invokeExact(state, attributes));
    }

    static int spawnAttributesDestroy(MemorySegment state, MemorySegment attributes) {
        return asInt(() -> (int) SPAWN_ATTRIBUTES_DESTROY.invokeExact(state, attributes));
    }

    static int spawnAttributesFlags(MemorySegment state, MemorySegment attributes, short flags) {
        return asInt(() -> (int) SPAWN_ATTRIBUTES_FLAGS.invokeExact(state, attributes, flags));
    }

    private interface IntCall {
        int call() throws Throwable;
    }

    private interface LongCall {
        long call() throws Throwable;
    }

    private static int asInt(IntCall call) {
        try {
            return call.call();
        } catch (Throwable e) {
            throw new AssertionError("a downcall cannot throw", e);
        }
    }

    private static long asLong(LongCall call) {
        try {
            return call.call();
        } catch (Throwable e) {
            throw new AssertionError("a downcall cannot throw", e);
        }
    }
}
