package dev.gossamer.kube.controller;

import java.time.Duration;

/** Waits for something real to become true. */
final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    /** What is to hold in the end; it may fail until then. */
    interface Expectation {
        void check() throws Exception;
    }

    static void holds(Expectation expectation) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                expectation.check();
                return;
            } catch (AssertionError | RuntimeException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }
}
