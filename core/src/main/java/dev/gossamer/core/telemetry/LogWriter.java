package dev.gossamer.core.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Formats and writes log lines on a thread of its own, so that nobody who logs ever waits.
 *
 * <p>When the reader of the stream is slower than the program, lines are dropped and their number is logged: a stuck
 * log collector must not stop traffic. Thread-safe.
 */
final class LogWriter implements AutoCloseable {
    private static final int QUEUE = 10_000;
    private static final int BATCH = 256;

    private final LogFormat format;
    private final OutputStream out;
    private final ArrayBlockingQueue<LogEntry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    LogWriter(LogFormat format, OutputStream out) {
        this.format = format;
        this.out = out;
        this.thread = Thread.ofVirtual().name("log").start(this::run);
    }

    void write(LogEntry entry) {
        if (!queue.offer(entry)) {
            dropped.incrementAndGet();
        }
    }

    private void run() {
        var batch = new ArrayList<LogEntry>(BATCH);
        var text = new StringBuilder(4096);
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                flush(batch, text);
            }
        } catch (InterruptedException e) {
            // close() interrupts: what is queued by now is still written.
            while (queue.drainTo(batch, BATCH) > 0) {
                flush(batch, text);
            }
        }
    }

    private void flush(List<LogEntry> batch, StringBuilder text) {
        // First what there is: it was logged before what was dropped.
        for (var entry : batch) {
            format.append(entry, text);
        }
        appendLoss(batch.getLast(), text);
        batch.clear();
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // Nobody reads any more, and there is no other place to tell; traffic goes on.
        }
        text.setLength(0);
    }

    private void appendLoss(LogEntry last, StringBuilder text) {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            var message = lost + " log lines were dropped: whoever reads the log is slower than it grows";
            format.append(new LogEntry(last.time(), LogLevel.WARN, "log", message, List.of(), null), text);
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(2));
    }
}
