package dev.gossamer.lab.pods;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to pods as Event objects, in order and without holding up whoever reports it.
 *
 * <p>The same thing happening again counts up one event instead of adding another. Thread-safe.
 */
final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MAX_PENDING = 1000;
    private static final int MAX_REMEMBERED = 1000;
    private static final int NOT_FOUND = 404;

    private record Occurrence(Pod pod, String type, String reason, String message) {}

    private record Key(String uid, String type, String reason, String message) {}

    private final KubernetesClient client;
    private final String node;
    private final TimeSource time;
    private final BlockingQueue<Occurrence> pending = new LinkedBlockingQueue<>(MAX_PENDING);
    /** Confined to the writing thread. */
    private final Map<Key, Event> written = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Event> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    EventRecorder(KubernetesClient client, String node, TimeSource time) {
        this.client = client;
        this.node = node;
        this.time = time;
    }

    /** {@code type}: {@code Normal} or {@code Warning}. */
    void record(Pod pod, String type, String reason, String message) {
        if (!pending.offer(new Occurrence(pod, type, reason, message))) {
            LOG.warn("too many events at once, this one is not written: {} {}", reason, message);
        }
    }

    /** Writes until interrupted. */
    void run() throws InterruptedException {
        while (true) {
            var next = pending.take();
            try {
                write(next);
            } catch (KubernetesClientException e) {
                // A namespace that is being deleted takes no more events.
                LOG.debug(
                        "event {} of pod {} not written: {}",
                        next.reason(),
                        next.pod().getMetadata().getName(),
                        e.getMessage());
            }
        }
    }

    private void write(Occurrence what) {
        var metadata = what.pod().getMetadata();
        var key = new Key(metadata.getUid(), what.type(), what.reason(), what.message());
        var before = written.get(key);
        var events = client.v1().events().inNamespace(metadata.getNamespace());
        var now = time.now().toString();
        if (before != null) {
            var again = new EventBuilder(before)
                    .withCount(before.getCount() + 1)
                    .withLastTimestamp(now)
                    .editMetadata()
                    .withResourceVersion(null)
                    .endMetadata()
                    .build();
            try {
                written.put(key, events.resource(again).update());
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != NOT_FOUND) {
                    throw e;
                }
                // Expired or deleted: begins anew.
            }
        }
        written.put(key, events.resource(event(what, now)).create());
    }

    private Event event(Occurrence what, String now) {
        var metadata = what.pod().getMetadata();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withGenerateName(metadata.getName() + ".")
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(what.type())
                .withReason(what.reason())
                .withMessage(what.message())
                .withCount(1)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withNewSource()
                .withComponent("kubelet")
                .withHost(node)
                .endSource()
                .withReportingComponent("kubelet")
                .withReportingInstance(node)
                .build();
    }
}
