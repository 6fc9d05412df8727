package dev.gossamer.lab.apps;

import java.util.concurrent.atomic.LongAdder;

/** How the calls to one target have gone. Thread-safe. */
final class CallCounter {
    private final String target;
    private final String connection;
    private final LongAdder total = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder reconnects = new LongAdder();

    /** {@code connection}: how it is reached, {@code keep-alive} or {@code new}. */
    CallCounter(String target, String connection) {
        this.target = target;
        this.connection = connection;
    }

    void succeeded() {
        total.increment();
    }

    void failed() {
        total.increment();
        failed.increment();
    }

    /** A connection that was to last has ended and another one was made. */
    void reconnected() {
        reconnects.increment();
    }

    long total() {
        return total.sum();
    }

    long failures() {
        return failed.sum();
    }

    long reconnects() {
        return reconnects.sum();
    }

    String json() {
        return "{\"target\":\"" + target + "\",\"connection\":\"" + connection + "\",\"total\":" + total()
                + ",\"failed\":" + failures() + ",\"reconnects\":" + reconnects() + "}";
    }

    @Override
    public String toString() {
        return "calls to " + target + " (" + connection + " connections): " + total() + ", failed " + failures()
                + ", reconnects " + reconnects();
    }
}
