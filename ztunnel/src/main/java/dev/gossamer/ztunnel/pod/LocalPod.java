package dev.gossamer.ztunnel.pod;

import dev.gossamer.core.workload.Workload;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.MeshState;
import dev.gossamer.ztunnel.state.MeshView;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A workload of this node, as the proxy serves it. Thread-safe. */
public record LocalPod(
        LocalWorkloadKey key,
        MeshState mesh,
        PodSockets sockets,
        Certificates certificates,
        LiveConnections connections) {
    /** The node agent may tell of a pod before the control plane does. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Absent as long as the control plane has not told of it. */
    public @Nullable Workload workload() {
        return mesh.view().localWorkload(key);
    }

    /** Calls {@code then} on {@code loop} (the caller's) as soon as the workload is known, or with nothing. */
    public void awaitWorkload(EventLoop loop, Consumer<@Nullable Workload> then) {
        var known = workload();
        if (known != null) {
            then.accept(known);
            return;
        }
        new Wait(loop, then).begin();
    }

    /** As the access log says it. */
    public String unknownReason() {
        return "failed to fetch information about local workload: " + key + " is not known to the control plane";
    }

    private final class Wait implements MeshState.Subscriber {
        private final EventLoop loop;
        private final Consumer<@Nullable Workload> then;
        private @Nullable ScheduledFuture<?> timeout;
        private boolean done;

        Wait(EventLoop loop, Consumer<@Nullable Workload> then) {
            this.loop = loop;
            this.then = then;
        }

        void begin() {
            timeout = loop.schedule(() -> finish(workload()), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            mesh.subscribe(this);
            // It may have come between the first look and now.
            onView(mesh.view(), MeshView.EMPTY);
        }

        @Override
        public void onView(MeshView view, MeshView previous) {
            var workload = view.localWorkload(key);
            if (workload != null) {
                loop.execute(() -> finish(workload));
            }
        }

        private void finish(@Nullable Workload workload) {
            if (done) {
                return;
            }
            done = true;
            mesh.unsubscribe(this);
            if (timeout != null) {
                timeout.cancel(false);
            }
            then.accept(workload);
        }
    }
}
