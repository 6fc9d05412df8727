package dev.gossamer.core.telemetry;

import java.util.Locale;
import java.util.logging.Level;

/** How much a log line matters; operators write the names in lower case. Immutable. */
public enum LogLevel {
    TRACE(Level.FINEST),
    DEBUG(Level.FINE),
    INFO(Level.INFO),
    WARN(Level.WARNING),
    ERROR(Level.SEVERE),
    OFF(Level.OFF);

    @SuppressWarnings("ImmutableEnumChecker") // the JDK's levels never change
    private final Level julLevel;

    LogLevel(Level julLevel) {
        this.julLevel = julLevel;
    }

    /**
     * Reads {@code info} and the like.
     *
     * @throws IllegalArgumentException if there is no such level
     */
    public static LogLevel parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "trace" -> TRACE;
            case "debug" -> DEBUG;
            case "info" -> INFO;
            case "warn", "warning" -> WARN;
            case "error" -> ERROR;
            case "off", "none" -> OFF;
            default ->
                throw new IllegalArgumentException(
                        "no log level '" + text + "': use trace, debug, info, warn, error or off");
        };
    }

    static LogLevel of(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return WARN;
        }
        if (value >= Level.CONFIG.intValue()) {
            return INFO;
        }
        return value >= Level.FINE.intValue() ? DEBUG : TRACE;
    }

    Level julLevel() {
        return julLevel;
    }

    /** Lower case, as lines have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
