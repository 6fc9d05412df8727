package dev.gossamer.core.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The level of everything, and of single targets. Immutable.
 *
 * @param byTarget a target is a logger's name, or the front part of one; {@code dev.gossamer.} may be left out
 */
public record LogLevels(LogLevel base, Map<String, LogLevel> byTarget) {
    public LogLevels {
        byTarget = Map.copyOf(byTarget);
    }

    /**
     * Reads {@code info,access=warn,ztunnel.outbound=debug}; without a level of its own the base is {@code info}.
     *
     * @throws IllegalArgumentException if a level is unknown or a target empty
     */
    public static LogLevels parse(String text) {
        return new LogLevels(LogLevel.INFO, Map.of()).with(text);
    }

    /**
     * These levels with the ones that {@code text} names put in.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public LogLevels with(String text) {
        var level = base;
        var targets = new TreeMap<>(byTarget);
        for (var part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (part.isBlank()) {
                continue;
            }
            if (equals < 0) {
                level = LogLevel.parse(part);
            } else {
                var target = part.substring(0, equals).strip();
                if (target.isEmpty()) {
                    throw new IllegalArgumentException("'" + part + "' names no target: use target=level");
                }
                targets.put(target.replace("::", "."), LogLevel.parse(part.substring(equals + 1)));
            }
        }
        return new LogLevels(level, targets);
    }

    /** In the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return new TreeMap<>(byTarget)
                .entrySet().stream()
                        .map(e -> "," + e.getKey() + "=" + e.getValue().text())
                        .collect(Collectors.joining("", base.text(), ""));
    }
}
