package dev.gossamer.ztunnel;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;

/** Reads counters as a scrape would. */
final class Scrape {
    private Scrape() {}

    /** The sum over all data points whose {@code label} is {@code value}. */
    static long value(MultiCollector collector, String counter, String label, String value) {
        double sum = 0;
        for (var family : collector.collect()) {
            if (family instanceof CounterSnapshot found
                    && found.getMetadata().getName().equals(counter)) {
                for (var point : found.getDataPoints()) {
                    if (value.equals(point.getLabels().get(label))) {
                        sum += point.getValue();
                    }
                }
            }
        }
        return (long) sum;
    }
}
