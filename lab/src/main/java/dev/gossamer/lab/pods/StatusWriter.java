package dev.gossamer.lab.pods;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pod's status in the API as it is here: only the newest is ever written.
 *
 * <p>{@link #run} belongs to one thread; the rest is for any. Thread-safe.
 */
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String uid;
    private final Function<@Nullable PodStatus, PodStatus> source;

    @GuardedBy("this")
    private boolean changed;

    @GuardedBy("this")
    private boolean finished;

    /** {@code source}: makes the status of now, from the one before. */
    StatusWriter(
            KubernetesClient client,
            String namespace,
            String name,
            String uid,
            Function<@Nullable PodStatus, PodStatus> source) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.uid = uid;
        this.source = source;
    }

    synchronized void changed() {
        changed = true;
        notifyAll();
    }

    /** After the status of now, no other is written. */
    synchronized void finish() {
        finished = true;
        changed = true;
        notifyAll();
    }

    /** Writes until {@link #finish}, or until the pod is gone. */
    void run() throws InterruptedException {
        PodStatus written = null;
        while (true) {
            boolean isLast = awaitChange();
            var next = source.apply(written);
            if (!next.equals(written)) {
                switch (write(next)) {
                    case WRITTEN -> written = next;
                    case GONE -> {
                        return;
                    }
                    case FAILED -> {
                        Thread.sleep(RETRY);
                        changed();
                        continue;
                    }
                }
            }
            if (isLast) {
                return;
            }
        }
    }

    private synchronized boolean awaitChange() throws InterruptedException {
        while (!changed) {
            wait();
        }
        changed = false;
        return finished;
    }

    private enum Result {
        WRITTEN,
        GONE,
        FAILED
    }

    private Result write(PodStatus status) {
        // The uid makes the server refuse if a new pod of the same name has taken this one's place.
        var patch = Serialization.asJson(Map.of("metadata", Map.of("uid", uid), "status", status));
        try {
            client.pods()
                    .inNamespace(namespace)
                    .withName(name)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return Result.WRITTEN;
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND || e.getCode() == CONFLICT) {
                return Result.GONE;
            }
            LOG.warn("status of pod {}/{} not written, trying again: {}", namespace, name, e.getMessage());
            return Result.FAILED;
        }
    }
}
