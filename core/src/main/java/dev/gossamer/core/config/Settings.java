package dev.gossamer.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an operator set, by key, and collects every mistake until {@link #requireValid}.
 *
 * <p>A getter that meets a bad value remembers the complaint and returns the default, so that one start reports all
 * mistakes together. Confined to the thread that starts the program.
 */
public final class Settings {
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    private final Map<String, String> values;
    private final List<String> mistakes = new ArrayList<>();
    private final Map<String, String> effective = new TreeMap<>();

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /** The process environment. */
    public static Settings ofEnvironment() {
        return new Settings(System.getenv());
    }

    public static Settings of(Map<String, String> values) {
        return new Settings(Map.copyOf(values));
    }

    public String text(String key, String defaultValue) {
        return read(key, defaultValue, Function.identity());
    }

    /** Like {@link #text}, absent where the key is not set or empty. */
    public @Nullable String optionalText(String key) {
        var value = values.get(key);
        effective.put(key, value == null ? "" : value);
        return value == null || value.isEmpty() ? null : value;
    }

    /** Whether the key is set, be it to nothing: for settings where nothing means "off". */
    public boolean isSet(String key) {
        return values.containsKey(key);
    }

    /** A value that has no sensible default: not setting it is a mistake. */
    public String requiredText(String key, String why) {
        var value = optionalText(key);
        if (value == null) {
            mistakes.add(key + " is not set: " + why);
            return "";
        }
        return value;
    }

    /** {@code true} or {@code false}, in any case. */
    public boolean flag(String key, boolean defaultValue) {
        return read(key, defaultValue, text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("must be true or false");
        });
    }

    /** A port from 0 (any free one) to 65535. */
    public int port(String key, int defaultValue) {
        return number(key, defaultValue, 0, 65535);
    }

    public int number(String key, int defaultValue, int min, int max) {
        return read(key, defaultValue, text -> {
            int value = Integer.parseInt(text.strip());
            if (value < min || value > max) {
                throw new IllegalArgumentException("must be from " + min + " to " + max);
            }
            return value;
        });
    }

    /** A duration with a unit: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}. */
    public Duration duration(String key, Duration defaultValue) {
        return read(key, defaultValue, Settings::parseDuration);
    }

    public Path path(String key, Path defaultValue) {
        return read(key, defaultValue, Path::of);
    }

    /** All keys with this prefix, without it. */
    public Map<String, String> withPrefix(String prefix) {
        var found = new HashMap<String, String>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return Map.copyOf(found);
    }

    /** Adds a complaint that spans several keys. */
    public void reject(String mistake) {
        mistakes.add(mistake);
    }

    /** What each key that was asked for came out as; for the start-up log and {@code /config_dump}. */
    public Map<String, String> effective() {
        return new TreeMap<>(effective);
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidSettingsException with every mistake, if there was one: the operator's to mend
     */
    public void requireValid() throws InvalidSettingsException {
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
    }

    private <T> T read(String key, T defaultValue, Function<String, T> parser) {
        var text = values.get(key);
        T value = defaultValue;
        if (text != null && !text.isEmpty()) {
            try {
                value = parser.apply(text);
            } catch (IllegalArgumentException e) {
                var reason = e instanceof NumberFormatException ? "is not a number" : e.getMessage();
                mistakes.add(key + "=" + text + ": " + reason);
            }
        }
        effective.put(key, String.valueOf(value));
        return value;
    }

    /**
     * Reads {@code 90s} and the like.
     *
     * @throws IllegalArgumentException if the text has no number or no known unit
     */
    public static Duration parseDuration(String text) {
        var matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be a number with a unit, such as 500ms, 30s, 5m or 24h");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
