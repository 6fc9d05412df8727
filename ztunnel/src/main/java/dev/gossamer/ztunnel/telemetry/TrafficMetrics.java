package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.core.telemetry.TrafficLabels;
import dev.gossamer.core.telemetry.TrafficLabels.Party;
import dev.gossamer.core.telemetry.TrafficLabels.Reporter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The {@code istio_tcp_*} counters. Thread-safe.
 *
 * <p>The number of label sets is bounded: what a mesh has beyond it is counted under one set that names nobody.
 */
public final class TrafficMetrics implements MultiCollector {
    static final int MAX_LABEL_SETS = 10_000;

    private final ConcurrentHashMap<TrafficLabels, TrafficCounters> counters = new ConcurrentHashMap<>();
    private final LongAdder sourceSockets = new LongAdder();
    private final LongAdder destinationSockets = new LongAdder();

    TrafficCounters of(TrafficLabels labels) {
        var found = counters.get(labels);
        if (found != null) {
            return found;
        }
        var key = counters.size() < MAX_LABEL_SETS ? labels : anonymous(labels);
        return counters.computeIfAbsent(key, _ -> new TrafficCounters());
    }

    private static TrafficLabels anonymous(TrafficLabels labels) {
        return new TrafficLabels(
                labels.reporter(), Party.UNKNOWN, Party.UNKNOWN, null, labels.closeCode(), labels.mutualTls());
    }

    LongAdder openSockets(Reporter reporter) {
        return switch (reporter) {
            case SOURCE -> sourceSockets;
            case DESTINATION -> destinationSockets;
        };
    }

    @Override
    public MetricSnapshots collect() {
        var families = new ArrayList<MetricSnapshot>();
        add(families, "istio_tcp_connections_opened", "Connections opened (unstable)", c -> c.opened);
        add(families, "istio_tcp_connections_closed", "Connections closed (unstable)", c -> c.closed);
        add(families, "istio_tcp_connections_failed", "Connections that ended in an error (unstable)", c -> c.failed);
        add(families, "istio_tcp_received_bytes", "Bytes from client to server", c -> c.received);
        add(families, "istio_tcp_sent_bytes", "Bytes from server to client", c -> c.sent);
        families.add(new GaugeSnapshot(
                new MetricMetadata("istio_tcp_sockets_open", "Connections that are open now (unstable)"),
                List.of(
                        new GaugeDataPointSnapshot(
                                sourceSockets.sum(), Labels.of("reporter", Reporter.SOURCE.text()), null),
                        new GaugeDataPointSnapshot(
                                destinationSockets.sum(), Labels.of("reporter", Reporter.DESTINATION.text()), null))));
        return new MetricSnapshots(families);
    }

    private void add(List<MetricSnapshot> families, String name, String help, Function<TrafficCounters, LongAdder> of) {
        var points = new ArrayList<CounterDataPointSnapshot>();
        counters.forEach((labels, count) -> {
            long value = of.apply(count).sum();
            if (value > 0) {
                points.add(new CounterDataPointSnapshot(value, Labels.of(labels.names(), labels.values()), null, 0));
            }
        });
        if (!points.isEmpty()) {
            families.add(new CounterSnapshot(new MetricMetadata(name, help), points));
        }
    }
}
