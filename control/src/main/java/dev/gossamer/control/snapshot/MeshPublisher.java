package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.ChangeSink;
import dev.gossamer.control.translate.MeshOptions;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.xds.codec.AddressCodec;
import dev.gossamer.xds.codec.AuthorizationCodec;
import dev.gossamer.xds.delta.ResourceSnapshot;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.server.SnapshotHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that builds: takes what is observed, as much as there is, and publishes the next snapshot.
 *
 * <p>Nothing is published before all that was there at the start is in: a proxy that reconnects to a control plane which
 * has just started would otherwise be told that the mesh is gone. Thread-safe; {@link #run} is the builder's thread.
 */
public final class MeshPublisher implements ChangeSink {
    private static final Logger LOG = LoggerFactory.getLogger(MeshPublisher.class);
    /** What is not taken by then waits in the source, which keeps only the newest state of each object. */
    private static final int MAX_BATCH = 4_096;

    private sealed interface Event {
        record Changed(Change change, long observedNanos) implements Event {}

        record Synced() implements Event {}
    }

    private final MeshBuilder builder;
    private final SnapshotHub hub;
    private final Consumer<Change> follower;
    private final PublicationListener listener;
    private final TimeSource time;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(MAX_BATCH);
    private final CountDownLatch firstPublished = new CountDownLatch(1);
    private volatile MeshOptions mesh;

    /** {@code follower}: sees each change before the mesh that it leads to is published. */
    public MeshPublisher(
            MeshBuilder builder,
            SnapshotHub hub,
            Consumer<Change> follower,
            PublicationListener listener,
            TimeSource time) {
        this.builder = builder;
        this.hub = hub;
        this.follower = follower;
        this.listener = listener;
        this.time = time;
        this.mesh = builder.mesh();
    }

    @Override
    public void onChange(Change change) throws InterruptedException {
        events.put(new Event.Changed(change, time.nanoTime()));
    }

    @Override
    public void onSynced() throws InterruptedException {
        events.put(new Event.Synced());
    }

    /** False if the first snapshot is not out by then. */
    public boolean awaitFirst(Duration patience) throws InterruptedException {
        return firstPublished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean hasPublished() {
        return firstPublished.getCount() == 0;
    }

    /** What holds for the whole mesh, as of the last snapshot. */
    public MeshOptions mesh() {
        return mesh;
    }

    /** Builds until interrupted. */
    public void run() throws InterruptedException {
        var snapshot = ResourceSnapshot.EMPTY;
        boolean synced = false;
        while (true) {
            var batch = new ArrayList<Event>();
            batch.add(events.take());
            events.drainTo(batch);
            long start = time.nanoTime();
            var changes = new ArrayList<Change>(batch.size());
            long observed = start;
            for (var event : batch) {
                switch (event) {
                    case Event.Changed(var change, var nanos) -> {
                        follower.accept(change);
                        changes.add(change);
                        observed = Math.min(observed, nanos);
                    }
                    case Event.Synced() -> synced = true;
                }
            }
            var delta = builder.apply(changes);
            mesh = builder.mesh();
            if (!delta.isEmpty() || synced && !hasPublished()) {
                snapshot = snapshot.with(encoded(delta));
            }
            if (synced && snapshot.version() > hub.current().version()) {
                publish(snapshot, observed, Duration.ofNanos(time.nanoTime() - start));
            }
        }
    }

    private void publish(ResourceSnapshot snapshot, long observedNanos, Duration building) {
        int addresses = builder.addresses().size();
        int policies = builder.policies().size();
        listener.onPublication(snapshot.version(), observedNanos, building, addresses, policies);
        hub.publish(snapshot);
        if (!hasPublished()) {
            LOG.info("the mesh is known: {} workloads and services, {} policies", addresses, policies);
            firstPublished.countDown();
        }
    }

    private static HashMap<TypeUrl, ResourceSnapshot.Change> encoded(MeshDelta delta) {
        var changes = new HashMap<TypeUrl, ResourceSnapshot.Change>();
        if (!delta.addresses().isEmpty() || !delta.removedAddresses().isEmpty()) {
            var put = delta.addresses().stream().map(AddressCodec::encode).toList();
            changes.put(TypeUrl.ADDRESS, new ResourceSnapshot.Change(put, delta.removedAddresses()));
        }
        if (!delta.policies().isEmpty() || !delta.removedPolicies().isEmpty()) {
            var put = delta.policies().stream().map(AuthorizationCodec::encode).toList();
            changes.put(TypeUrl.AUTHORIZATION, new ResourceSnapshot.Change(put, List.copyOf(delta.removedPolicies())));
        }
        return changes;
    }
}
