package dev.gossamer.core.lifecycle;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that live and die together: the first failure interrupts the rest.
 *
 * <p>Stands in for StructuredTaskScope, still a preview in JDK 25 (JEP 505). Thread-safe.
 */
public final class TaskGroup implements AutoCloseable {
    /** Work that may wait and may fail. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    private final ExecutorService threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** {@code name}: prefix of the threads' names. */
    public TaskGroup(String name) {
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-", 0).factory());
    }

    public void start(Task task) {
        threads.execute(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable t) {
                if (failure.compareAndSet(null, t)) {
                    threads.shutdownNow();
                }
            }
        });
    }

    /**
     * Waits until every task is done; no further ones may be started.
     *
     * @throws ExecutionException with the first failure, if there was one
     */
    public void join() throws InterruptedException, ExecutionException {
        threads.shutdown();
        if (!threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
            throw new AssertionError("waited forever");
        }
        var first = failure.get();
        if (first != null) {
            throw new ExecutionException(first);
        }
    }

    /** The first failure so far. */
    public @Nullable Throwable failure() {
        return failure.get();
    }

    /** Interrupts every task and waits for their end. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
