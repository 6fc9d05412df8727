package dev.gossamer.core.telemetry;

import dev.gossamer.core.lifecycle.TimeSource;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Where all log lines of a process go: standard output, from {@code java.util.logging} (and so slf4j) as from
 * {@link Target}.
 *
 * <p>Started once by each program, before anything else. Thread-safe.
 */
public final class Logging implements AutoCloseable {
    private static final String OURS = "dev.gossamer.";

    private final LogWriter writer;
    private final TimeSource time;
    private final LogLevels initial;
    private LogLevels levels;
    /** {@code java.util.logging} forgets the level of a logger that nobody holds. */
    private List<Logger> adjusted = List.of();

    private Logging(LogWriter writer, TimeSource time, LogLevels levels) {
        this.writer = writer;
        this.time = time;
        this.initial = levels;
        this.levels = levels;
    }

    /**
     * Sends what the process logs to standard output.
     *
     * @param levels as {@link LogLevels#parse} reads them
     * @throws IllegalArgumentException if {@code levels} cannot be read: the operator's to mend
     */
    public static Logging start(String levels, boolean json) {
        return start(
                LogLevels.parse(levels),
                json ? LogFormat.JSON : LogFormat.PLAIN,
                new FileOutputStream(FileDescriptor.out),
                TimeSource.SYSTEM);
    }

    static Logging start(LogLevels levels, LogFormat format, OutputStream out, TimeSource time) {
        var logging = new Logging(new LogWriter(format, out), time, levels);
        LogManager.getLogManager().reset();
        var root = Logger.getLogger("");
        root.addHandler(new ToWriter(logging.writer));
        logging.apply(levels);
        return logging;
    }

    /** A part of the program whose lines carry fields. */
    public Target target(String name) {
        return new Target(name);
    }

    public synchronized LogLevels levels() {
        return levels;
    }

    public synchronized void setLevels(LogLevels next) {
        apply(next);
    }

    /** Back to what the program was started with. */
    public synchronized void resetLevels() {
        apply(initial);
    }

    private synchronized void apply(LogLevels next) {
        adjusted.forEach(logger -> logger.setLevel(null));
        Logger.getLogger("").setLevel(next.base().julLevel());
        var loggers = new ArrayList<Logger>();
        next.byTarget().forEach((target, level) -> {
            // A target is meant as the log shows it, where our own prefix is left out.
            for (var name : List.of(target, OURS + target)) {
                var logger = Logger.getLogger(name);
                logger.setLevel(level.julLevel());
                loggers.add(logger);
            }
        });
        adjusted = List.copyOf(loggers);
        levels = next;
    }

    /** Writes what is queued. */
    @Override
    public void close() throws InterruptedException {
        writer.close();
    }

    /** Lines of one target, with fields. Thread-safe. */
    public final class Target {
        private final String name;
        private final Logger level;

        private Target(String name) {
            this.name = name;
            this.level = Logger.getLogger(name);
        }

        /** Ask before building the fields. */
        public boolean isEnabled(LogLevel wanted) {
            return level.isLoggable(wanted.julLevel());
        }

        /** Never waits. */
        public void log(LogLevel wanted, String message, List<LogField> fields) {
            if (isEnabled(wanted)) {
                writer.write(new LogEntry(time.now(), wanted, name, message, fields, null));
            }
        }
    }

    /** Takes over what the JDK's logging hands out. Thread-safe. */
    private static final class ToWriter extends Handler {
        private static final SimpleFormatter MESSAGES = new SimpleFormatter();
        private final LogWriter writer;

        ToWriter(LogWriter writer) {
            this.writer = writer;
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            var name = record.getLoggerName() == null ? "" : record.getLoggerName();
            writer.write(new LogEntry(
                    record.getInstant(),
                    LogLevel.of(record.getLevel()),
                    name.startsWith(OURS) ? name.substring(OURS.length()) : name,
                    String.valueOf(MESSAGES.formatMessage(record)),
                    List.of(),
                    record.getThrown()));
        }

        @Override
        public void flush() {
            // The writer flushes each batch.
        }

        @Override
        public void close() {
            // LogManager closes handlers in its own shutdown hook, where lines of other hooks are still to come.
        }
    }
}
