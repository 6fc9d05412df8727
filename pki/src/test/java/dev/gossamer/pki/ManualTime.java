package dev.gossamer.pki;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.renew.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** A clock that stands still until a test moves it, and runs timers on the way. Confined to the test's thread. */
public final class ManualTime implements TimeSource, Timer {
    private record Task(Instant due, long number, Runnable action) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            (a, b) -> a.due.equals(b.due) ? Long.compare(a.number, b.number) : a.due.compareTo(b.due));
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private long scheduled;

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Cancellation schedule(Duration delay, Runnable action) {
        var task = new Task(now.plus(delay), scheduled++, action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    public void advance(Duration step) {
        var end = now.plus(step);
        while (!tasks.isEmpty() && !tasks.peek().due.isAfter(end)) {
            var next = tasks.poll();
            now = next.due;
            next.action.run();
        }
        now = end;
    }

    /** How long until the next timer; absent timers are a failure of the test. */
    public Duration untilNextTimer() {
        return Duration.between(now, tasks.element().due);
    }

    public int timers() {
        return tasks.size();
    }
}
