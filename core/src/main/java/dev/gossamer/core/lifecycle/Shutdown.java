package dev.gossamer.core.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * What a program has opened, closed in reverse order.
 *
 * <p>A program hands over each thing as soon as it is open, so a start that fails half way closes what there was.
 * Thread-safe.
 */
public final class Shutdown implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private boolean closed;

    /** Takes over {@code resource} and returns it. If the program is closed already, closes it at once. */
    public <T extends AutoCloseable> T owns(T resource) {
        synchronized (this) {
            if (!closed) {
                owned.push(resource);
                return resource;
            }
        }
        closeQuietly(resource);
        return resource;
    }

    /** Asks the program to end; returns at once. Later calls change nothing. */
    public void request() {
        asked.countDown();
    }

    /** Waits until someone calls {@link #request} or the process gets SIGTERM or SIGINT. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /**
     * Makes SIGTERM and SIGINT call {@link #request} and then wait for {@link #close}, which the main thread is to
     * call; the JVM ends only afterwards.
     */
    public void onSignal() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    request();
                    awaitClosed();
                }));
    }

    /** Closes everything, newest first. A failure to close one thing does not keep the others open. */
    @Override
    public void close() {
        request();
        while (true) {
            AutoCloseable next;
            synchronized (this) {
                closed = true;
                next = owned.poll();
                if (next == null) {
                    notifyAll();
                    return;
                }
            }
            closeQuietly(next);
        }
    }

    private synchronized void awaitClosed() {
        try {
            while (!closed || !owned.isEmpty()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            System.getLogger(Shutdown.class.getName())
                    .log(System.Logger.Level.WARNING, "closing " + resource + " failed: " + e, e);
        }
    }
}
