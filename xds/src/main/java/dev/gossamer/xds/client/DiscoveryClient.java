package dev.gossamer.xds.client;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import java.util.concurrent.CompletableFuture;

/**
 * Follows the control plane: connects, subscribes, hands on what comes, answers, and connects again when the stream ends.
 *
 * <p>Thread-safe. All work, decoding and the listeners included, is done by the one thread that calls {@link #run}.
 */
public final class DiscoveryClient implements AutoCloseable {
    private final ControlPlaneAccess access;
    private final ProxyNode node;
    private final MeshListener mesh;
    private final DiscoveryListener listener;
    private final TimeSource time;
    private final CompletableFuture<Void> initialSync = new CompletableFuture<>();
    private volatile ConnectionState state = new ConnectionState.Connecting(0);

    public DiscoveryClient(
            ControlPlaneAccess access, ProxyNode node, MeshListener mesh, DiscoveryListener listener, TimeSource time) {
        this.access = access;
        this.node = node;
        this.mesh = mesh;
        this.listener = listener;
        this.time = time;
    }

    /** Returns after {@link #close} or when its thread is interrupted. */
    public void run() {
        throw new UnsupportedOperationException(access + "" + node + mesh + listener + time);
    }

    /** Done once a first response of each type was accepted whole; it stays done when the stream ends. */
    public CompletableFuture<Void> initialSyncDone() {
        return initialSync.copy();
    }

    public ConnectionState state() {
        return state;
    }

    @Override
    public void close() {
        state = new ConnectionState.Closed();
    }
}
