package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.core.telemetry.CloseCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The account of one connection: counted from its begin, logged at its end.
 *
 * <p>Bytes are counted now and then, not as they pass. Confined to the event loop of the connection.
 */
public final class ConnectionReport {
    private final Reports reports;
    private final ConnectionFacts facts;
    private final long startNanos;
    private final TrafficCounters counters;
    private long receivedSoFar;
    private long sentSoFar;
    private boolean closed;

    ConnectionReport(Reports reports, ConnectionFacts facts, long startNanos) {
        this.reports = reports;
        this.facts = facts;
        this.startNanos = startNanos;
        var labels = facts.labels(CloseCode.OK);
        this.counters = reports.traffic().of(labels);
        counters.opened.increment();
        reports.traffic().openSockets(labels.reporter()).increment();
    }

    public ConnectionFacts facts() {
        return facts;
    }

    /**
     * Counts what has passed since the last time.
     *
     * @param received bytes from client to server, in all
     * @param sent bytes from server to client, in all
     */
    public void count(long received, long sent) {
        if (!closed) {
            add(counters, received, sent);
        }
    }

    /** The connection is over. {@code error}: for the log; absent if it ended in good order. Later calls do nothing. */
    public void close(CloseCode code, @Nullable String error, long received, long sent) {
        if (closed) {
            return;
        }
        closed = true;
        var labels = facts.labels(code);
        var last = code == CloseCode.OK ? counters : reports.traffic().of(labels);
        add(last, received, sent);
        last.closed.increment();
        if (code != CloseCode.OK) {
            last.failed.increment();
        }
        reports.traffic().openSockets(labels.reporter()).decrement();
        reports.log(facts.record(received, sent, Duration.ofNanos(reports.nanoTime() - startNanos), error));
    }

    private void add(TrafficCounters to, long received, long sent) {
        to.received.add(received - receivedSoFar);
        to.sent.add(sent - sentSoFar);
        receivedSoFar = received;
        sentSoFar = sent;
    }
}
