package dev.gossamer.ztunnel.telemetry;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the proxy still waits for before it can serve. Thread-safe. */
public final class Readiness {
    private final Set<String> pending = new ConcurrentSkipListSet<>();

    /** {@code task}: as operators read it. */
    public void set(String task, boolean ready) {
        if (ready) {
            pending.remove(task);
        } else {
            pending.add(task);
        }
    }

    /** None: ready. */
    public List<String> pending() {
        return List.copyOf(pending);
    }
}
