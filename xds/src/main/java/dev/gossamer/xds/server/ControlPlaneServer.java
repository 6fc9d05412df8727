package dev.gossamer.xds.server;

import dev.gossamer.pki.issue.CertificateService;
import dev.gossamer.pki.issue.ServerCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The control plane's endpoint for its proxies: discovery and certificates over TLS. Thread-safe. */
public final class ControlPlaneServer implements AutoCloseable {
    private ControlPlaneServer() {}

    /** {@code drain}: how long open streams may go on after {@link #close}. */
    public record Config(InetSocketAddress address, Duration maxConnectionAge, Duration drain) {}

    /**
     * Starts to listen.
     *
     * @throws IOException if the address cannot be bound: the operator's to mend
     */
    public static ControlPlaneServer start(
            Config config, ServerCredentials credentials, DiscoveryService discovery, CertificateService certificates)
            throws IOException {
        throw new UnsupportedOperationException(config + "" + credentials + discovery + certificates);
    }

    /** The port in use, where the configured one was 0. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** Presents another certificate in handshakes from now on; open connections stay. */
    public void replace(ServerCredentials next) {
        throw new UnsupportedOperationException(next.toString());
    }

    @Override
    public void close() {}
}
