package dev.gossamer.pki.renew;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs tasks later; tests bring their own. Thread-safe. */
@FunctionalInterface
public interface Timer {
    /** Runs {@code task} after {@code delay} unless it is cancelled first. The task does not wait. */
    Cancellation schedule(Duration delay, Runnable task);

    /** A scheduled task that may be taken back. */
    @FunctionalInterface
    interface Cancellation {
        void cancel();
    }

    static Timer on(ScheduledExecutorService executor) {
        return (delay, task) -> {
            var scheduled = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }
}
