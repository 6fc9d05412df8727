package dev.gossamer.pki.transport;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server over TLS whose certificate can be replaced while it runs; each call is served on a virtual thread.
 *
 * <p>Thread-safe.
 */
public final class TlsEndpoint implements AutoCloseable {
    /** A proxy that comes back names all that it holds: about 80 bytes for each of 200,000 resources. */
    private static final int MAX_REQUEST_BYTES = 16 << 20;

    private static final int MAX_HEADER_BYTES = 64 << 10;
    private static final Duration PING = Duration.ofSeconds(30);
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);
    /** Clients that ping more often are cut off. */
    private static final Duration FASTEST_CLIENT_PING = Duration.ofSeconds(5);

    private final Server server;
    private final ReplaceableKey key;
    private final ExecutorService threads;
    private final Duration drain;

    private TlsEndpoint(Server server, ReplaceableKey key, ExecutorService threads, Duration drain) {
        this.server = server;
        this.key = key;
        this.threads = threads;
        this.drain = drain;
    }

    /**
     * Where to listen and for how long connections live.
     *
     * @param maxConnectionAge after which clients are asked to connect again, so that they spread over replicas
     * @param drain how long calls may go on after {@link #close}
     * @param maxCallsPerConnection calls and streams at a time
     */
    public record Config(
            InetSocketAddress address, Duration maxConnectionAge, Duration drain, int maxCallsPerConnection) {}

    /**
     * Starts to listen.
     *
     * @throws IOException if the address cannot be bound: the operator's to mend
     */
    public static TlsEndpoint start(
            Config config, List<X509Certificate> chain, PrivateKey key, List<ServerServiceDefinition> services)
            throws IOException {
        var replaceable = new ReplaceableKey(chain, key);
        var tls = GrpcSslContexts.configure(SslContextBuilder.forServer(replaceable))
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
        var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        var builder = NettyServerBuilder.forAddress(config.address, NettySslContextServerCredentials.create(tls))
                .executor(threads)
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(config.maxCallsPerConnection)
                .maxConnectionAge(config.maxConnectionAge.toNanos(), TimeUnit.NANOSECONDS)
                .maxConnectionAgeGrace(config.drain.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTime(PING.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(PING_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveTime(FASTEST_CLIENT_PING.toNanos(), TimeUnit.NANOSECONDS)
                .permitKeepAliveWithoutCalls(true);
        services.forEach(service -> builder.addService(Callers.identified(service)));
        return new TlsEndpoint(builder.build().start(), replaceable, threads, config.drain);
    }

    /** The port in use, where the configured one was 0. */
    public int port() {
        return server.getPort();
    }

    /** Presents another certificate in handshakes from now on; open connections stay. */
    public void replace(List<X509Certificate> chain, PrivateKey next) {
        key.replace(chain, next);
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(drain.toNanos(), TimeUnit.NANOSECONDS)) {
                server.shutdownNow();
                server.awaitTermination();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
