package dev.gossamer.ztunnel.telemetry;

import dev.gossamer.xds.client.ConnectionState;
import dev.gossamer.xds.client.DiscoveryListener;
import dev.gossamer.xds.delta.TypeUrl;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.File;

/** What the proxy counts about itself. Thread-safe. */
public final class ProxyMetrics implements DiscoveryListener {
    private final Counter terminations;
    private final Counter messages;
    private final Counter messageBytes;
    private final Gauge activeProxies;
    private final Gauge pendingProxies;
    private final Counter proxiesStarted;
    private final Counter proxiesStopped;

    /** {@code version}: the mesh's, as the operator tags its parts. */
    public ProxyMetrics(PrometheusRegistry registry, String version) {
        var build = Gauge.builder()
                .name("istio_build")
                .help("Which build this is")
                .labelNames("component", "tag")
                .register(registry);
        build.labelValues("ztunnel", version).set(1);
        terminations = Counter.builder()
                .name("istio_xds_connection_terminations")
                .help("Streams to the control plane that ended (unstable)")
                .labelNames("reason")
                .register(registry);
        messages = Counter.builder()
                .name("istio_xds_message")
                .help("Responses of the control plane (unstable)")
                .labelNames("url")
                .register(registry);
        messageBytes = Counter.builder()
                .name("istio_xds_message_bytes")
                .help("Bytes of those responses (unstable)")
                .labelNames("url")
                .register(registry);
        activeProxies = Gauge.builder()
                .name("workload_manager_active_proxy_count")
                .help("Pods that are served")
                .register(registry);
        pendingProxies = Gauge.builder()
                .name("workload_manager_pending_proxy_count")
                .help("Pods that could not be served so far")
                .register(registry);
        proxiesStarted = Counter.builder()
                .name("workload_manager_proxies_started")
                .help("Pods whose service began")
                .register(registry);
        proxiesStopped = Counter.builder()
                .name("workload_manager_proxies_stopped")
                .help("Pods whose service ended")
                .register(registry);
        registerProcess(registry);
    }

    private static void registerProcess(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("process_open_fds")
                .help("Files and sockets that are open")
                .callback(callback -> {
                    var open = new File("/proc/self/fd").list();
                    callback.call(open == null ? 0 : open.length);
                })
                .register(registry);
    }

    @Override
    public void onState(ConnectionState state) {
        if (state instanceof ConnectionState.Disconnected ended) {
            terminations.labelValues(ended.reason().label()).inc();
        }
    }

    @Override
    public void onResponse(TypeUrl type, int resources, int removed, long bytes) {
        messages.labelValues(type.value()).inc();
        messageBytes.labelValues(type.value()).inc(bytes);
    }

    public void onPodStarted() {
        proxiesStarted.inc();
    }

    public void onPodStopped() {
        proxiesStopped.inc();
    }

    public void setPods(int active, int pending) {
        activeProxies.set(active);
        pendingProxies.set(pending);
    }
}
