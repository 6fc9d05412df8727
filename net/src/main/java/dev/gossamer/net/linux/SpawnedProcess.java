package dev.gossamer.net.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts a program that inherits descriptors opened for it, such as an {@link InheritedListener}'s, and that lives on
 * in a session of its own when this process ends. Thread-safe.
 */
public final class SpawnedProcess {
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY_CREAT_APPEND = 0x1 | 0x40 | 0x400;
    private static final short POSIX_SPAWN_SETSID = 0x80;
    /** glibc's {@code posix_spawn_file_actions_t} has 80 bytes and {@code posix_spawnattr_t} 336, with room to spare. */
    private static final int ACTIONS_BYTES = 256;

    private static final int ATTRIBUTES_BYTES = 1024;

    private SpawnedProcess() {}

    /**
     * Starts {@code command}, found along PATH, with exactly this environment; its output goes to the end of
     * {@code log}.
     *
     * @return its process id; {@link ProcessHandle#of} takes it from there
     * @throws IOException if the program or the log cannot be opened
     */
    public static long start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var state = Libc.newState(arena);
            var actions = arena.allocate(ACTIONS_BYTES, Long.BYTES);
            var attributes = arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
            require(Libc.spawnActionsInit(state, actions), command);
            try {
                require(Libc.spawnAttributesInit(state, attributes), command);
                try {
                    prepare(arena, state, actions, attributes, command, log);
                    return spawn(arena, state, actions, attributes, command, environment);
                } finally {
                    var _ = Libc.spawnAttributesDestroy(state, attributes);
                }
            } finally {
                var _ = Libc.spawnActionsDestroy(state, actions);
            }
        }
    }

    private static void prepare(
            Arena arena,
            MemorySegment state,
            MemorySegment actions,
            MemorySegment attributes,
            List<String> command,
            Path log)
            throws IOException {
        require(Libc.spawnAttributesFlags(state, attributes, POSIX_SPAWN_SETSID), command);
        require(Libc.spawnActionsOpen(state, actions, 0, arena.allocateFrom("/dev/null"), O_RDONLY), command);
        require(
                Libc.spawnActionsOpen(state, actions, 1, arena.allocateFrom(log.toString()), O_WRONLY_CREAT_APPEND),
                command);
        require(Libc.spawnActionsDup2(state, actions, 1, 2), command);
    }

    private static long spawn(
            Arena arena,
            MemorySegment state,
            MemorySegment actions,
            MemorySegment attributes,
            List<String> command,
            Map<String, String> environment)
            throws IOException {
        var variables = new ArrayList<String>();
        environment.forEach((key, value) -> variables.add(key + "=" + value));
        var pid = arena.allocate(ValueLayout.JAVA_INT);
        require(
                Libc.spawn(
                        state,
                        pid,
                        arena.allocateFrom(command.getFirst()),
                        actions,
                        attributes,
                        strings(arena, command),
                        strings(arena, variables)),
                command);
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    /** A C array of strings, ended by a null pointer. */
    private static MemorySegment strings(Arena arena, List<String> texts) {
        var array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return array;
    }

    private static void require(int errno, List<String> command) throws IOException {
        if (errno != 0) {
            throw Errno.failure("starting " + command.getFirst(), errno);
        }
    }
}
