package dev.gossamer.lab.containers;

import dev.gossamer.core.lifecycle.TaskGroup;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of one run of a container: the startup probe first, then readiness and liveness side by side.
 * Thread-safe.
 */
final class ProbeLoops implements AutoCloseable {
    /** What the probes find out. Implementations are thread-safe. */
    interface Findings {
        void started();

        void ready(boolean isReady);

        /** A try failed; {@code probe} is {@code Readiness} and so on. */
        void unhealthy(String probe, String message);

        /** The container does not start or live as it should, so it has to be started again. */
        void failed(String probe);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ProbeLoops.class);
    private static final int DEFAULT_PERIOD_SECONDS = 10;
    private static final int DEFAULT_FAILURES = 3;

    private final Container container;
    private final Probing probing;
    private final ContainerProcess process;
    private final Findings findings;
    private final TaskGroup tasks;

    ProbeLoops(Container container, Probing probing, ContainerProcess process, Findings findings) {
        this.container = container;
        this.probing = probing;
        this.process = process;
        this.findings = findings;
        this.tasks = new TaskGroup("probe-" + container.getName());
    }

    void start() {
        tasks.start(this::startup);
    }

    private void startup() throws InterruptedException {
        var probe = container.getStartupProbe();
        if (probe != null && !untilStarted(probe)) {
            return;
        }
        findings.started();
        var readiness = container.getReadinessProbe();
        if (readiness == null) {
            findings.ready(true);
        } else {
            tasks.start(() -> watchReadiness(readiness));
        }
        var liveness = container.getLivenessProbe();
        if (liveness != null) {
            tasks.start(() -> watchLiveness(liveness));
        }
    }

    private boolean untilStarted(Probe probe) throws InterruptedException {
        delay(probe.getInitialDelaySeconds());
        int failures = 0;
        while (true) {
            switch (attempt(probe)) {
                case Probing.Outcome.Success _ -> {
                    return true;
                }
                case Probing.Outcome.Failure failure -> {
                    failures++;
                    findings.unhealthy("Startup", failure.message());
                    if (failures >= or(probe.getFailureThreshold(), DEFAULT_FAILURES)) {
                        findings.failed("startup");
                        return false;
                    }
                }
            }
            delay(period(probe));
        }
    }

    private void watchReadiness(Probe probe) throws InterruptedException {
        delay(probe.getInitialDelaySeconds());
        int successes = 0;
        int failures = 0;
        while (true) {
            switch (attempt(probe)) {
                case Probing.Outcome.Success _ -> {
                    failures = 0;
                    successes++;
                    if (successes >= or(probe.getSuccessThreshold(), 1)) {
                        findings.ready(true);
                    }
                }
                case Probing.Outcome.Failure failure -> {
                    successes = 0;
                    failures++;
                    findings.unhealthy("Readiness", failure.message());
                    if (failures >= or(probe.getFailureThreshold(), DEFAULT_FAILURES)) {
                        findings.ready(false);
                    }
                }
            }
            delay(period(probe));
        }
    }

    private void watchLiveness(Probe probe) throws InterruptedException {
        delay(probe.getInitialDelaySeconds());
        int failures = 0;
        while (true) {
            switch (attempt(probe)) {
                case Probing.Outcome.Success _ -> failures = 0;
                case Probing.Outcome.Failure failure -> {
                    failures++;
                    findings.unhealthy("Liveness", failure.message());
                    if (failures >= or(probe.getFailureThreshold(), DEFAULT_FAILURES)) {
                        findings.failed("liveness");
                        return;
                    }
                }
            }
            delay(period(probe));
        }
    }

    private Probing.Outcome attempt(Probe probe) throws InterruptedException {
        try {
            return probing.run(probe, process);
        } catch (RuntimeException e) {
            LOG.error("a probe of container {} broke", container.getName(), e);
            return new Probing.Outcome.Failure("the probe broke: " + e);
        }
    }

    private static int period(Probe probe) {
        return Math.max(1, or(probe.getPeriodSeconds(), DEFAULT_PERIOD_SECONDS));
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null || given == 0 ? otherwise : given;
    }

    private static void delay(@Nullable Integer seconds) throws InterruptedException {
        if (seconds != null && seconds > 0) {
            Thread.sleep(Duration.ofSeconds(seconds));
        }
    }

    @Override
    public void close() {
        tasks.close();
    }
}
