package dev.gossamer.ztunnel.pod;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The open connections of one workload. Thread-safe. */
public final class LiveConnections {
    private final Set<LiveConnection> open = ConcurrentHashMap.newKeySet();
    private volatile Runnable whenIdle = () -> {};

    public void add(LiveConnection connection) {
        open.add(connection);
    }

    public void remove(LiveConnection connection) {
        open.remove(connection);
        if (open.isEmpty()) {
            whenIdle.run();
        }
    }

    public int count() {
        return open.size();
    }

    public List<LiveConnection> snapshot() {
        return List.copyOf(open);
    }

    /** Runs {@code action} for each connection on its own loop; returns at once. */
    public void forEach(Consumer<LiveConnection> action) {
        Map<EventLoop, List<LiveConnection>> byLoop = new HashMap<>();
        for (var connection : open) {
            byLoop.computeIfAbsent(connection.loop(), _ -> new ArrayList<>()).add(connection);
        }
        byLoop.forEach((loop, connections) -> loop.execute(() -> connections.forEach(action)));
    }

    /** Runs {@code action}, on any thread and maybe more than once, when no connection is open (any more). */
    public void whenIdle(Runnable action) {
        whenIdle = action;
        if (open.isEmpty()) {
            action.run();
        }
    }
}
