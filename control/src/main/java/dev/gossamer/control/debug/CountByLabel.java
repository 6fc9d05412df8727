package dev.gossamer.control.debug;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count by one label, or by none.
 *
 * <p>The library's own counters end in {@code _total}; Istio's control plane has names from before that rule, and
 * dashboards ask for these. Thread-safe.
 */
final class CountByLabel implements Collector {
    private final MetricMetadata metadata;
    private final String label;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** {@code label}: empty for a single count. */
    CountByLabel(String name, String help, String label) {
        this.metadata = new MetricMetadata(name, help);
        this.label = label;
    }

    void increment(String value) {
        counts.computeIfAbsent(value, _ -> new LongAdder()).increment();
    }

    @Override
    public MetricSnapshot collect() {
        var points = counts.entrySet().stream()
                .map(entry -> new UnknownDataPointSnapshot(
                        entry.getValue().sum(),
                        label.isEmpty() ? Labels.EMPTY : Labels.of(label, entry.getKey()),
                        null))
                .toList();
        return new UnknownSnapshot(metadata, points);
    }
}
