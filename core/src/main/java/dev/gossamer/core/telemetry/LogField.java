package dev.gossamer.core.telemetry;

/** A named value beside a log line's message. Immutable. */
public sealed interface LogField {
    String key();

    /** Quoted in a plain line. */
    record Text(String key, String value) implements LogField {}

    /** An address or the like, which needs no quotes in a plain line. */
    record Bare(String key, String value) implements LogField {}

    record Count(String key, long value) implements LogField {}
}
