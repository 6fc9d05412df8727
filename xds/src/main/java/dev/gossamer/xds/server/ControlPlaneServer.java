package dev.gossamer.xds.server;

import dev.gossamer.pki.issue.CertificateService;
import dev.gossamer.pki.issue.ServerCredentials;
import dev.gossamer.pki.transport.TlsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** The control plane's endpoint for its proxies: discovery and certificates over TLS. Thread-safe. */
public final class ControlPlaneServer implements AutoCloseable {
    private static final int MAX_CALLS_PER_CONNECTION = 1_000;

    private final TlsEndpoint endpoint;
    private final DiscoveryService discovery;

    private ControlPlaneServer(TlsEndpoint endpoint, DiscoveryService discovery) {
        this.endpoint = endpoint;
        this.discovery = discovery;
    }

    /**
     * Where to listen and for how long connections live. Immutable.
     *
     * @param maxConnectionAge after which proxies are asked to connect again, so that they spread over replicas
     * @param drain how long calls may go on after {@link #close}
     */
    public record Config(InetSocketAddress address, Duration maxConnectionAge, Duration drain) {}

    /**
     * Starts to listen. Takes over {@code discovery}: closing the server closes it.
     *
     * @throws IOException if the address cannot be bound: the operator's to mend
     */
    public static ControlPlaneServer start(
            Config config, ServerCredentials credentials, DiscoveryService discovery, CertificateService certificates)
            throws IOException {
        var endpoint = TlsEndpoint.start(
                new TlsEndpoint.Config(config.address, config.maxConnectionAge, config.drain, MAX_CALLS_PER_CONNECTION),
                credentials.chain(),
                credentials.privateKey(),
                List.of(discovery.bindService(), certificates.bindService()));
        return new ControlPlaneServer(endpoint, discovery);
    }

    /** The port in use, where the configured one was 0. */
    public int port() {
        return endpoint.port();
    }

    /** Presents another certificate in handshakes from now on; open connections stay. */
    public void replace(ServerCredentials next) {
        endpoint.replace(next.chain(), next.privateKey());
    }

    /** Ends the discovery streams at once, and waits for what else is under way. */
    @Override
    public void close() {
        discovery.close();
        endpoint.close();
    }
}
