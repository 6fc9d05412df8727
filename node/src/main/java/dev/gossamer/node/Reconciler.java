package dev.gossamer.node;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.node.handover.HandedPod;
import dev.gossamer.node.handover.HandoverListener;
import dev.gossamer.node.handover.ZdsServer;
import dev.gossamer.node.pods.Annotator;
import dev.gossamer.node.pods.Enrolment;
import dev.gossamer.node.pods.LocalPod;
import dev.gossamer.node.pods.PodChange;
import dev.gossamer.node.pods.PodNamespaces;
import dev.gossamer.node.pods.Redirection;
import dev.gossamer.node.redirect.CommandFailedException;
import dev.gossamer.node.redirect.PodRules;
import dev.gossamer.node.redirect.ProbeRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each pod of the node to where its labels say it belongs, step by step, and tries again what fails.
 *
 * <p>What others tell comes in through a mailbox; everything else is confined to the one task that {@link #run}s.
 */
final class Reconciler implements HandoverListener {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration TURN = Duration.ofMillis(250);

    private final Enrolment enrolment;
    private final PodEnvironment environment;
    private final ProbeRules probes;
    private final NodeMetrics metrics;

    private final LinkedBlockingQueue<Event> mailbox = new LinkedBlockingQueue<>();
    private final Map<String, Map<String, String>> namespaces = new HashMap<>();
    private final Map<String, ManagedPod> pods = new HashMap<>();
    private boolean synced;

    /** What pods are dealt with by; the handover exists once the first snapshot is complete. */
    record PodEnvironment(
            PodNamespaces namespaces,
            PodRules rules,
            Annotator annotator,
            boolean dnsCapture,
            Pace pace,
            TimeSource time,
            Opener opener) {}

    /** Opens the socket for the node proxy. */
    @FunctionalInterface
    interface Opener {
        ZdsServer open(List<HandedPod> pods, HandoverListener listener) throws IOException;
    }

    private sealed interface Event {
        record Changed(PodChange change) implements Event {}

        record Accepted(String podUid) implements Event {}

        record Refused(String podUid, String reason) implements Event {}
    }

    private @Nullable ZdsServer handover;

    Reconciler(Enrolment enrolment, PodEnvironment environment, ProbeRules probes, NodeMetrics metrics) {
        this.enrolment = enrolment;
        this.environment = environment;
        this.probes = probes;
        this.metrics = metrics;
    }

    void onChange(PodChange change) {
        mailbox.add(new Event.Changed(change));
    }

    @Override
    public void onAccepted(String podUid) {
        mailbox.add(new Event.Accepted(podUid));
    }

    @Override
    public void onRefused(String podUid, String reason) {
        mailbox.add(new Event.Refused(podUid, reason));
    }

    @Override
    public void onConnectionChanged(boolean connected) {
        metrics.proxyConnected(connected);
    }

    /** Works until interrupted. */
    void run() throws InterruptedException, IOException {
        while (true) {
            var event = mailbox.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
            while (event != null) {
                take(event);
                event = mailbox.poll();
            }
            if (synced) {
                turn();
            }
        }
    }

    private void take(Event event) throws InterruptedException, IOException {
        switch (event) {
            case Event.Changed(PodChange.PodSeen(var pod)) -> seen(pod);
            case Event.Changed(PodChange.PodGone(var pod)) -> gone(pod.uid());
            case Event.Changed(PodChange.NamespaceSeen(var name, var labels)) -> namespaces.put(name, labels);
            case Event.Changed(PodChange.Synced()) -> start();
            case Event.Accepted(var uid) -> {
                var pod = pods.get(uid);
                if (pod != null) {
                    pod.onAccepted();
                }
            }
            case Event.Refused(var uid, var reason) -> {
                var pod = pods.get(uid);
                if (pod != null) {
                    LOG.warn("the node proxy cannot serve pod {}, trying again: {}", pod.pod(), reason);
                }
            }
        }
    }

    private void seen(LocalPod pod) {
        var known = pods.get(pod.uid());
        if (known == null) {
            pods.put(pod.uid(), new ManagedPod(pod, environment, metrics));
        } else {
            known.update(pod);
        }
    }

    private void gone(String uid) {
        var pod = pods.remove(uid);
        if (pod != null) {
            pod.forget(handover);
        }
    }

    /** What an agent before this one has left in the pods is taken over before the node proxy is told anything. */
    private void start() throws InterruptedException, IOException {
        if (synced) {
            return;
        }
        var handed = new ArrayList<HandedPod>();
        for (var pod : pods.values()) {
            try {
                pod.takeOver(belongsInside(pod)).ifPresent(handed::add);
            } catch (CommandFailedException | IOException e) {
                LOG.warn("cannot tell what pod {} has of an earlier agent: {}", pod.pod(), e.getMessage());
            }
        }
        handover = environment.opener().open(handed, this);
        synced = true;
        metrics.ready();
        LOG.info("ready: {} pods on this node, {} of them in the mesh already", pods.size(), handed.size());
    }

    private boolean belongsInside(ManagedPod pod) {
        return enrolment.includes(pod.pod(), namespaces.getOrDefault(pod.pod().namespace(), Map.of()));
    }

    private void turn() throws InterruptedException {
        var server = handover;
        if (server == null) {
            return;
        }
        var probed = new ArrayList<String>();
        for (var pod : pods.values()) {
            try {
                pod.step(belongsInside(pod), server);
            } catch (CommandFailedException | IOException | Redirection.AnnotationFailedException e) {
                pod.failed(e);
            }
            if (pod.isInside()) {
                probed.addAll(pod.pod().addresses());
            }
        }
        try {
            probes.set(probed);
        } catch (CommandFailedException e) {
            LOG.warn("probes of pods in the mesh may fail: {}", e.getMessage());
        }
    }
}
