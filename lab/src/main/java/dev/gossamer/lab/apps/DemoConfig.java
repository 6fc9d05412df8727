package dev.gossamer.lab.apps;

import dev.gossamer.core.config.InvalidSettingsException;
import dev.gossamer.core.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How one program of the demo behaves.
 *
 * <p>Immutable.
 *
 * @param name what it calls itself in answers and logs
 * @param version added to its answers; empty for none
 * @param targets whom it calls
 * @param ratePerSecond calls per target and kind of connection
 * @param logEvery calls between two lines of the log
 * @param runFor how long it goes on before it ends by itself; zero for ever
 */
record DemoConfig(
        String name, String version, int port, List<Target> targets, int ratePerSecond, int logEvery, Duration runFor) {
    DemoConfig {
        targets = List.copyOf(targets);
    }

    /** A service by name and port. Immutable. */
    record Target(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    static DemoConfig read(Settings settings) throws InvalidSettingsException {
        var read = new DemoConfig(
                settings.text("APP", "demo"),
                settings.text("VERSION", ""),
                settings.port("PORT", 8080),
                targets(settings),
                settings.number("RATE", 10, 1, 10_000),
                settings.number("LOG_EVERY", 600, 1, 1_000_000),
                settings.duration("RUN_FOR", Duration.ZERO));
        settings.requireValid();
        return read;
    }

    private static List<Target> targets(Settings settings) {
        var targets = new ArrayList<Target>();
        for (var text : Arrays.asList(settings.text("TARGETS", "").split(","))) {
            if (text.isBlank()) {
                continue;
            }
            int colon = text.lastIndexOf(':');
            try {
                targets.add(new Target(
                        text.substring(0, colon).strip(),
                        Integer.parseInt(text.substring(colon + 1).strip())));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                settings.reject("TARGETS: '" + text + "' is not host:port");
            }
        }
        return targets;
    }
}
