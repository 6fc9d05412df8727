package dev.gossamer.ztunnel.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** What was counted under one set of labels. Thread-safe. */
final class TrafficCounters {
    final LongAdder opened = new LongAdder();
    final LongAdder closed = new LongAdder();
    final LongAdder failed = new LongAdder();
    /** Bytes from client to server, whoever reports. */
    final LongAdder received = new LongAdder();
    /** Bytes from server to client. */
    final LongAdder sent = new LongAdder();
}
