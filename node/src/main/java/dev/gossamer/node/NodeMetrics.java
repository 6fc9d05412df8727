package dev.gossamer.node;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What the agent counts, and whether it is ready. Thread-safe. */
final class NodeMetrics {
    private final Map<String, LongAdder> events = new ConcurrentSkipListMap<>();
    private volatile boolean connected;
    private volatile boolean ready;

    /** {@code type}: {@code add} or {@code remove}. */
    void counted(String type) {
        events.computeIfAbsent(type, _ -> new LongAdder()).increment();
    }

    void proxyConnected(boolean now) {
        connected = now;
    }

    void ready() {
        ready = true;
    }

    boolean isReady() {
        return ready;
    }

    /** In Prometheus' text format. */
    String text() {
        var text = new StringBuilder();
        text.append("# HELP istio_cni_install_ready Whether the agent is ready to take pods in.\n")
                .append("# TYPE istio_cni_install_ready gauge\nistio_cni_install_ready ")
                .append(ready ? 1 : 0)
                .append("\n# HELP ztunnel_connected Whether a node proxy is connected.\n")
                .append("# TYPE ztunnel_connected gauge\nztunnel_connected ")
                .append(connected ? 1 : 0)
                .append("\n# HELP nodeagent_reconcile_events_total Pods taken into the mesh or out of it.\n")
                .append("# TYPE nodeagent_reconcile_events_total counter\n");
        events.forEach((type, count) -> text.append("nodeagent_reconcile_events_total{type=\"")
                .append(type)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
        return text.toString();
    }
}
