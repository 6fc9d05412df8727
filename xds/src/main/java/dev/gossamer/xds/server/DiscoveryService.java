package dev.gossamer.xds.server;

import dev.gossamer.core.lifecycle.TimeSource;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/** The delta discovery service: one virtual thread for each connected proxy. Thread-safe. */
public final class DiscoveryService implements BindableService, AutoCloseable {
    private final SnapshotHub hub;
    private final StreamAuthenticator authenticator;
    private final DiscoveryConfig config;
    private final TimeSource time;

    public DiscoveryService(
            SnapshotHub hub, StreamAuthenticator authenticator, DiscoveryConfig config, TimeSource time) {
        this.hub = hub;
        this.authenticator = authenticator;
        this.config = config;
        this.time = time;
    }

    @Override
    public ServerServiceDefinition bindService() {
        throw new UnsupportedOperationException(hub + "" + authenticator + config + time);
    }

    /** All connected proxies, ordered by node id. */
    public List<ConnectionStatus> connections() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
