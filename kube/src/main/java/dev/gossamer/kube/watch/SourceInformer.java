package dev.gossamer.kube.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The informer of one source, which comes and goes with its kind. Thread-safe.
 */
final class SourceInformer implements AutoCloseable {
    private final KubernetesClient client;
    private final Source source;
    private final ChangeQueue queue;
    private final ClusterWatch.SyncGate gate;
    private final ClusterWatch.Outage outage;

    @GuardedBy("this")
    private @Nullable SharedIndexInformer<?> running;

    @GuardedBy("this")
    private boolean closed;

    SourceInformer(
            KubernetesClient client,
            Source source,
            ChangeQueue queue,
            ClusterWatch.SyncGate gate,
            ClusterWatch.Outage outage) {
        this.client = client;
        this.source = source;
        this.queue = queue;
        this.gate = gate;
        this.outage = outage;
    }

    /** Starts the informer unless it runs already or the API lacks the kind. */
    void startIfServed(Discovery discovery) {
        if (isRunning()) {
            return;
        }
        if (source.kind().optional() && !discovery.serves(source.kind())) {
            gate.done(source);
            return;
        }
        synchronized (this) {
            if (!closed && running == null) {
                running = start(source.kind());
            }
        }
    }

    private synchronized boolean isRunning() {
        return running != null;
    }

    private <T extends HasMetadata> SharedIndexInformer<T> start(Kind<T> kind) {
        var informer = select(kind).runnableInformer(0);
        var handler = new Handler<>(kind);
        informer.addEventHandler(handler);
        informer.exceptionHandler((_, failure) -> retryAfter(failure, handler));
        // Its end is reported to the exception handler, and its beginning by onList.
        var _ = informer.start();
        return informer;
    }

    @SuppressWarnings("unchecked") // The kind without a class of its own is GenericKubernetesResource by construction.
    private <T extends HasMetadata> FilterWatchListDeletable<T, ?, ?> select(Kind<T> kind) {
        MixedOperation<T, ?, ?> operation = kind.type() == GenericKubernetesResource.class
                ? (MixedOperation<T, ?, ?>) client.genericKubernetesResources(kind.context())
                : client.resources(kind.type());
        var namespace = source.namespace();
        FilterWatchListDeletable<T, ?, ?> selected = kind.namespaced()
                ? namespace == null ? operation.inAnyNamespace() : operation.inNamespace(namespace)
                : operation;
        if (!source.fields().isEmpty()) {
            selected = selected.withFields(source.fields());
        }
        return source.labels().isEmpty() ? selected : selected.withLabels(source.labels());
    }

    /** Called by the informer after each failed list or watch. */
    private boolean retryAfter(Throwable failure, Handler<?> handler) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (source.kind().optional()
                && cause instanceof KubernetesClientException answer
                && answer.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
            forget(handler);
            return false;
        }
        outage.failed(cause);
        return true;
    }

    /** The kind was uninstalled. */
    private void forget(Handler<?> handler) {
        handler.end();
        gate.done(source);
        synchronized (this) {
            running = null;
        }
    }

    @Override
    public void close() {
        SharedIndexInformer<?> ending;
        synchronized (this) {
            closed = true;
            ending = running;
            running = null;
        }
        if (ending != null) {
            ending.stop();
        }
    }

    /** Called by one informer, in order. What it still reports after the kind has gone is ignored. */
    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final Kind<T> kind;

        @GuardedBy("this")
        private boolean ended;

        Handler(Kind<T> kind) {
            this.kind = kind;
        }

        @Override
        public void onAdd(T object) {
            upsert(object);
        }

        @Override
        public void onUpdate(T old, T object) {
            upsert(object);
        }

        private synchronized void upsert(T object) {
            if (!ended) {
                queue.upsert(ObjectKey.of(kind, object), object);
            }
        }

        synchronized void end() {
            ended = true;
            queue.deleteAll(kind);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            queue.delete(ObjectKey.of(kind, object));
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            outage.over();
            gate.done(source);
        }
    }
}
