package dev.gossamer.core.telemetry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One log line before it is text. Immutable.
 *
 * @param target which part of the program speaks
 */
public record LogEntry(
        Instant time,
        LogLevel level,
        String target,
        String message,
        List<LogField> fields,
        @Nullable Throwable thrown) {
    public LogEntry {
        fields = List.copyOf(fields);
    }
}
