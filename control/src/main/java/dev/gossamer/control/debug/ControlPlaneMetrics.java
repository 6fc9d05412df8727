package dev.gossamer.control.debug;

import dev.gossamer.control.snapshot.PublicationListener;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.issue.IssueObserver;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.server.PushObserver;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What the control plane counts, under the names that Istio's dashboards ask for. Thread-safe. */
public final class ControlPlaneMetrics implements PublicationListener, PushObserver, IssueObserver {
    /** Proxies that lag further behind are measured from the oldest version that is remembered. */
    private static final int REMEMBERED_VERSIONS = 1_024;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();
    private final TimeSource time;
    /** By version, when the first of its changes was observed. */
    private final ConcurrentSkipListMap<Long, Long> observedNanos = new ConcurrentSkipListMap<>();

    /** What was there at the start: nothing converges with it. */
    private volatile long firstVersion = Long.MAX_VALUE;

    private final CountByLabel pushes =
            registered(new CountByLabel("pilot_xds_pushes", "Responses sent to proxies.", "type"));
    private final CountByLabel rejects =
            registered(new CountByLabel("pilot_total_xds_rejects", "Responses that proxies refused.", "type"));
    private final CountByLabel requests =
            registered(new CountByLabel("citadel_server_csr_count", "Requests for certificates.", ""));
    private final CountByLabel issued =
            registered(new CountByLabel("citadel_server_success_cert_issuance_count", "Certificates issued.", ""));
    private final CountByLabel callersRejected = registered(new CountByLabel(
            "citadel_server_authentication_failure_count", "Requests of callers that may not have what they ask.", ""));
    private final CountByLabel requestsRefused = registered(
            new CountByLabel("citadel_server_csr_sign_err_count", "Requests that cannot be granted as they are.", ""));
    private final Histogram convergence = Histogram.builder()
            .name("pilot_proxy_convergence_time")
            .help("Seconds from a change in the cluster until it is sent to a proxy.")
            .classicOnly()
            .classicUpperBounds(0.01, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30)
            .register(registry);
    private final Histogram building = Histogram.builder()
            .name("gossamer_snapshot_build_seconds")
            .help("Seconds that it takes to make the next version of the mesh.")
            .classicOnly()
            .classicUpperBounds(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)
            .register(registry);
    private final Gauge addresses = Gauge.builder()
            .name("gossamer_snapshot_addresses")
            .help("Workloads and services of the mesh.")
            .register(registry);
    private final Gauge policies = Gauge.builder()
            .name("gossamer_snapshot_policies")
            .help("L4 policies of the mesh.")
            .register(registry);

    public ControlPlaneMetrics(String version, TimeSource time) {
        this.time = time;
        Info.builder()
                .name("gossamer_build")
                .help("What is running.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
    }

    private CountByLabel registered(CountByLabel count) {
        registry.register(count);
        return count;
    }

    /** {@code proxies}: how many are connected now. */
    public void watchProxies(String version, IntSupplier proxies) {
        GaugeWithCallback.builder()
                .name("pilot_xds")
                .help("Proxies connected.")
                .labelNames("version")
                .callback(callback -> callback.call(proxies.getAsInt(), version))
                .register(registry);
    }

    /** {@code expiry}: of the root in use now. */
    public void watchRoot(Supplier<Instant> expiry) {
        GaugeWithCallback.builder()
                .name("citadel_server_root_cert_expiry_timestamp")
                .help("When the root certificate expires, in seconds since 1970.")
                .callback(callback -> callback.call(expiry.get().getEpochSecond()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("citadel_server_root_cert_expiry_seconds")
                .help("Seconds until the root certificate expires.")
                .callback(callback ->
                        callback.call(Duration.between(time.now(), expiry.get()).toSeconds()))
                .register(registry);
    }

    @Override
    public void onPublication(
            long version, long observed, Duration buildTime, int workloadsAndServices, int policyCount) {
        if (firstVersion == Long.MAX_VALUE) {
            firstVersion = version;
        }
        observedNanos.put(version, observed);
        while (observedNanos.size() > REMEMBERED_VERSIONS) {
            observedNanos.pollFirstEntry();
        }
        building.observe(seconds(buildTime.toNanos()));
        addresses.set(workloadsAndServices);
        policies.set(policyCount);
    }

    @Override
    public void onPush(TypeUrl type, long snapshotVersion) {
        pushes.increment(label(type));
        var observed = observedNanos.get(snapshotVersion);
        if (observed != null && snapshotVersion > firstVersion) {
            convergence.observe(seconds(time.nanoTime() - observed));
        }
    }

    @Override
    public void onReject(TypeUrl type) {
        rejects.increment(label(type));
    }

    @Override
    public void onRequest(Outcome outcome) {
        requests.increment("");
        switch (outcome) {
            case ISSUED -> issued.increment("");
            case CALLER_REJECTED -> callersRejected.increment("");
            case REQUEST_REFUSED -> requestsRefused.increment("");
        }
    }

    /** In Prometheus' text format. */
    byte[] text() throws IOException {
        var out = new ByteArrayOutputStream();
        writer.write(out, registry.scrape());
        return out.toByteArray();
    }

    private static String label(TypeUrl type) {
        if (type.equals(TypeUrl.ADDRESS)) {
            return "wds";
        }
        return type.equals(TypeUrl.AUTHORIZATION) ? "wads" : "other";
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
