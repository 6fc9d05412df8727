package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.telemetry.AccessRecord.Direction;
import dev.gossamer.core.telemetry.LogField;
import dev.gossamer.core.telemetry.LogLevel;
import dev.gossamer.core.telemetry.Logging;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Opens the accounts of connections: metrics and access log behind one door. Thread-safe. */
public final class Reports {
    private final TrafficMetrics traffic;
    private final AccessSink access;
    private final TimeSource time;

    /** Where access log lines go. Thread-safe. */
    public interface AccessSink {
        boolean isEnabled(LogLevel level);

        void log(LogLevel level, String message, List<LogField> fields);

        static AccessSink of(Logging logging) {
            var target = logging.target("access");
            return new AccessSink() {
                @Override
                public boolean isEnabled(LogLevel level) {
                    return target.isEnabled(level);
                }

                @Override
                public void log(LogLevel level, String message, List<LogField> fields) {
                    target.log(level, message, fields);
                }
            };
        }
    }

    public Reports(TrafficMetrics traffic, AccessSink access, TimeSource time) {
        this.traffic = traffic;
        this.access = access;
        this.time = time;
    }

    /** A connection begins whose ends are known; {@code startNanos}: when it was accepted. */
    public ConnectionReport open(ConnectionFacts facts, long startNanos) {
        if (access.isEnabled(LogLevel.DEBUG)) {
            access.log(
                    LogLevel.DEBUG,
                    "connection opened",
                    facts.record(0, 0, Duration.ZERO, null).openedFields());
        }
        return new ConnectionReport(this, facts, startNanos);
    }

    /** A connection was refused before anything was known of it but its addresses: logged, not counted. */
    public void denyEarly(Direction direction, InetSocketAddress source, InetSocketAddress destination, String error) {
        if (!access.isEnabled(LogLevel.WARN)) {
            return;
        }
        var fields = new ArrayList<LogField>();
        fields.add(new LogField.Bare("src.addr", AccessRecord.hostAndPort(source)));
        fields.add(new LogField.Bare("dst.addr", AccessRecord.hostAndPort(destination)));
        fields.add(new LogField.Text("direction", direction.text()));
        fields.add(new LogField.Text("error", error));
        access.log(LogLevel.WARN, "connection failed", fields);
    }

    public long nanoTime() {
        return time.nanoTime();
    }

    void log(AccessRecord record) {
        if (access.isEnabled(record.level())) {
            access.log(record.level(), record.message(), record.fields());
        }
    }

    TrafficMetrics traffic() {
        return traffic;
    }
}
