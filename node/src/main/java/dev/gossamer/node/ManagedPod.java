package dev.gossamer.node;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.node.Reconciler.PodEnvironment;
import dev.gossamer.node.handover.HandedPod;
import dev.gossamer.node.handover.ZdsServer;
import dev.gossamer.node.pods.LocalPod;
import dev.gossamer.node.pods.Redirection;
import dev.gossamer.node.redirect.CommandFailedException;
import dev.gossamer.node.redirect.RuleOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod of the node on its way into the mesh or out of it.
 *
 * <p>In: the node proxy opens its listeners, then connections are redirected to them, then the world is told. Out, in the
 * reverse order, and nothing is taken away while a connection still needs it. So at no moment does a connection lead to
 * where nobody listens. Confined to the task that reconciles.
 */
final class ManagedPod {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedPod.class);

    private static final String BYPASS_ANNOTATION = "ambient.istio.io/bypass-inbound-capture";
    private static final String DNS_ANNOTATION = "ambient.istio.io/dns-capture";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int MAX_PAUSES = 6;

    private final PodEnvironment environment;
    private final NodeMetrics metrics;
    private LocalPod pod;
    private PodState state = new PodState.Outside();
    private @Nullable Netns netns;
    private boolean accepted;
    private Redirection.@Nullable Status written;
    private RuleOptions applied = new RuleOptions(false, true);
    /** Nothing is done before this moment: of what fails, or of what changes by itself. */
    private long notBeforeNanos;

    private long writtenNanos;
    private boolean lastWanted;
    private int failures;

    ManagedPod(LocalPod pod, PodEnvironment environment, NodeMetrics metrics) {
        this.pod = pod;
        this.environment = environment;
        this.metrics = metrics;
        this.notBeforeNanos = environment.time().nanoTime();
    }

    LocalPod pod() {
        return pod;
    }

    void update(LocalPod newer) {
        if (!newer.annotations().equals(pod.annotations())) {
            notBeforeNanos = environment.time().nanoTime();
        }
        pod = newer;
    }

    /** Whether connections are redirected, so that probes need a way past. */
    boolean isInside() {
        return state instanceof PodState.Inside;
    }

    void onAccepted() {
        accepted = true;
        notBeforeNanos = environment.time().nanoTime();
    }

    void failed(Exception failure) {
        failures = Math.min(failures + 1, MAX_PAUSES);
        pause(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
        LOG.warn("pod {}: {}", pod, failure.getMessage());
    }

    private void pause(Duration duration) {
        notBeforeNanos = environment.time().nanoTime() + duration.toNanos();
    }

    private boolean hasPassed(long sinceNanos, Duration duration) {
        return environment.time().nanoTime() - sinceNanos >= duration.toNanos();
    }

    /**
     * Recognises what an agent before this one has left in the pod.
     *
     * @return the pod, if the node proxy is to go on serving it
     */
    Optional<HandedPod> takeOver(boolean wanted) throws IOException, CommandFailedException, InterruptedException {
        if (pod.hostNetwork() || pod.ended()) {
            return Optional.empty();
        }
        var namespace = openNamespace();
        if (namespace == null || !environment.rules().hasRules(namespace)) {
            return Optional.empty();
        }
        if (wanted) {
            redirect(namespace);
            state = new PodState.Inside();
        } else {
            environment.rules().drain(namespace);
            state = new PodState.Leaving(environment.time().nanoTime());
        }
        return Optional.of(handed(namespace));
    }

    /** One step towards where the pod belongs; returns at once if there is none to take. */
    void step(boolean wanted, ZdsServer handover)
            throws IOException, CommandFailedException, InterruptedException, Redirection.AnnotationFailedException {
        if (wanted != lastWanted) {
            // What it was to wait for concerned the way to the other place.
            lastWanted = wanted;
            notBeforeNanos = environment.time().nanoTime();
        }
        if (environment.time().nanoTime() - notBeforeNanos < 0) {
            return;
        }
        state = switch (state) {
            case PodState.Outside outside -> wanted ? enter(handover) : outside;
            case PodState.Entering entering -> wanted ? awaitAcceptance(entering, handover) : turnBack(handover);
            case PodState.Inside inside -> wanted ? stay(inside) : beginLeaving();
            case PodState.Leaving leaving -> wanted ? comeBack() : leave(leaving, handover);
            case PodState.Draining draining -> wanted ? enter(handover) : finish(draining);
        };
        failures = 0;
    }

    private PodState enter(ZdsServer handover) throws IOException, Redirection.AnnotationFailedException {
        var namespace = openNamespace();
        if (namespace == null) {
            // The pod's network is not there yet.
            return state;
        }
        accepted = false;
        handover.add(handed(namespace));
        if (!handover.isConnected()) {
            annotate(Redirection.Status.PENDING);
        }
        return new PodState.Entering(environment.time().nanoTime());
    }

    private PodState awaitAcceptance(PodState.Entering entering, ZdsServer handover)
            throws CommandFailedException, InterruptedException, IOException, Redirection.AnnotationFailedException {
        var namespace = requireNamespace();
        if (!accepted) {
            if (!hasPassed(entering.askedNanos(), environment.pace().askAgain())) {
                return entering;
            }
            annotate(Redirection.Status.PENDING);
            handover.add(handed(namespace));
            return new PodState.Entering(environment.time().nanoTime());
        }
        redirect(namespace);
        metrics.counted("add");
        LOG.info("pod {} is in the mesh", pod);
        // Written in the next step: should the API not answer, the pod is inside all the same.
        return new PodState.Inside();
    }

    private PodState turnBack(ZdsServer handover) throws Redirection.AnnotationFailedException {
        handover.remove(pod.uid());
        annotate(Redirection.Status.NONE);
        return new PodState.Draining();
    }

    private PodState stay(PodState.Inside inside)
            throws Redirection.AnnotationFailedException, CommandFailedException, InterruptedException, IOException {
        if (written == Redirection.Status.ENABLED
                && hasPassed(writtenNanos, environment.pace().verifyEvery())
                && !Redirection.isSeen(pod, Redirection.Status.ENABLED)) {
            LOG.warn("pod {}: somebody removed the annotation {}, it is written again", pod, Redirection.ANNOTATION);
            written = null;
        }
        annotate(Redirection.Status.ENABLED);
        var namespace = requireNamespace();
        if (!options().equals(applied)) {
            redirect(namespace);
        } else if (!environment.rules().isRedirected(namespace, applied)) {
            LOG.warn("pod {}: somebody changed the redirection rules, they are set again", pod);
            redirect(namespace);
        }
        pause(environment.pace().verifyEvery());
        return inside;
    }

    private PodState beginLeaving()
            throws CommandFailedException, InterruptedException, IOException, Redirection.AnnotationFailedException {
        environment.rules().drain(requireNamespace());
        metrics.counted("remove");
        LOG.info("pod {} leaves the mesh", pod);
        return new PodState.Leaving(environment.time().nanoTime());
    }

    private PodState comeBack() throws CommandFailedException, InterruptedException, IOException {
        redirect(requireNamespace());
        return new PodState.Inside();
    }

    private PodState leave(PodState.Leaving leaving, ZdsServer handover) throws Redirection.AnnotationFailedException {
        annotate(Redirection.Status.NONE);
        if (!hasPassed(leaving.sinceNanos(), environment.pace().leavingGrace())) {
            return leaving;
        }
        handover.remove(pod.uid());
        return new PodState.Draining();
    }

    private PodState finish(PodState.Draining draining)
            throws IOException, InterruptedException, CommandFailedException {
        var namespace = requireNamespace();
        if (!pod.ended() && environment.rules().hasConnections(namespace)) {
            pause(LOOK_AGAIN);
            return draining;
        }
        environment.rules().remove(namespace);
        closeNamespace();
        LOG.info("pod {} has left the mesh", pod);
        return new PodState.Outside();
    }

    /** The pod is gone, its namespace and the rules in it are about to be. */
    void forget(@Nullable ZdsServer handover) {
        if (handover != null) {
            handover.remove(pod.uid());
        }
        closeNamespace();
        state = new PodState.Outside();
    }

    private void redirect(Netns namespace) throws CommandFailedException, InterruptedException {
        applied = options();
        environment.rules().redirect(namespace, applied);
        // Take note of a change of annotations at the next step, not at the next verification.
        notBeforeNanos = environment.time().nanoTime();
    }

    private RuleOptions options() {
        var dns = pod.annotations().get(DNS_ANNOTATION);
        return new RuleOptions(
                dns == null ? environment.dnsCapture() : Boolean.parseBoolean(dns),
                !Boolean.parseBoolean(pod.annotations().getOrDefault(BYPASS_ANNOTATION, "false")));
    }

    /** Writes it once; what the watch has seen may be older than what was written. */
    private void annotate(Redirection.Status status) throws Redirection.AnnotationFailedException {
        boolean there = written == null ? Redirection.isSeen(pod, status) : written == status;
        if (!there) {
            environment.annotator().annotate(pod, status);
            writtenNanos = environment.time().nanoTime();
        }
        written = status;
    }

    private HandedPod handed(Netns namespace) {
        return new HandedPod(pod.uid(), pod.name(), pod.namespace(), pod.serviceAccount(), namespace);
    }

    private @Nullable Netns openNamespace() throws IOException {
        if (netns == null) {
            netns = environment.namespaces().open(pod.uid()).orElse(null);
        }
        return netns;
    }

    private Netns requireNamespace() throws IOException {
        var namespace = openNamespace();
        if (namespace == null) {
            throw new IOException("its network namespace is not to be found");
        }
        return namespace;
    }

    private void closeNamespace() {
        if (netns != null) {
            netns.close();
            netns = null;
        }
    }
}
