package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds one controller from its queue. Thread-safe; {@link #run} has one thread. */
final class ControllerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

    /** From here on a failure is no race any more. */
    private static final int FAILURES_WORTH_A_WARNING = 6;

    private final Controller controller;
    private final WorkQueue<Request> queue;

    ControllerLoop(Controller controller, WorkQueue<Request> queue) {
        this.controller = controller;
        this.queue = queue;
    }

    void changed(Kind<?> kind, HasMetadata object) {
        controller.affectedBy(kind, object).forEach(queue::add);
    }

    void run() throws InterruptedException {
        while (true) {
            var request = queue.take();
            try {
                var wait = controller.reconcile(request);
                queue.succeeded(request);
                if (wait != null) {
                    queue.addAfter(request, wait);
                }
            } catch (KubernetesClientException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                retry(request, e);
            } catch (RuntimeException e) {
                LOG.error("{} controller: {} failed, will try again", controller.name(), request, e);
                queue.failed(request);
            } finally {
                queue.done(request);
            }
        }
    }

    private void retry(Request request, KubernetesClientException failure) {
        int count = queue.failed(request);
        boolean race = failure.getCode() == HttpURLConnection.HTTP_CONFLICT
                || failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
        if (count == FAILURES_WORTH_A_WARNING) {
            LOG.warn(
                    "{} controller: {} keeps failing and is tried ever more slowly: {}",
                    controller.name(),
                    request,
                    failure.getMessage());
        } else if (!race) {
            LOG.debug("{} controller: {} failed, will try again", controller.name(), request, failure);
        }
    }
}
