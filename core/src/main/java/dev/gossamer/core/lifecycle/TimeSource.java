package dev.gossamer.core.lifecycle;

import java.time.Instant;

/** Where the time comes from: tests bring their own. Thread-safe. */
public interface TimeSource {
    /** The wall clock, for what is stamped or expires. */
    Instant now();

    /** For measuring how long something took, as {@link System#nanoTime}. */
    long nanoTime();

    /** The machine's clock. */
    TimeSource SYSTEM = new TimeSource() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    };
}
