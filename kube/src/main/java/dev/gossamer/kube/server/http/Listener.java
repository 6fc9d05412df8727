package dev.gossamer.kube.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Listens for HTTPS and runs each request on a virtual thread of its own. Thread-safe. */
public final class Listener implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 64 << 10;
    private static final long IDLE_MILLIS = 120_000;

    /** For selecting and accepting; requests run elsewhere. */
    private static final int MAX_PLATFORM_THREADS = 16;

    private final Server server;
    private final ExecutorService requests;
    private final SslContextFactory.Server tls;

    /** {@code keys}: the server's certificate, under {@code password}. */
    public Listener(KeyStore keys, String password) {
        this.requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory());
        var threads = new QueuedThreadPool(MAX_PLATFORM_THREADS, 3);
        threads.setName("api-server");
        threads.setVirtualThreadsExecutor(requests);
        this.server = new Server(threads);
        this.tls = new SslContextFactory.Server();
        tls.setKeyStore(keys);
        tls.setKeyStorePassword(password);
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        // Clients reach the server by addresses and names that may not be in the certificate, and say so themselves.
        tls.setSniRequired(false);
    }

    public Server server() {
        return server;
    }

    /** Starts to serve. Returns the port of each address, then of each adopted socket. */
    public List<Integer> start(Handler handler, List<InetSocketAddress> addresses, List<ServerSocketChannel> adopted)
            throws IOException {
        server.setHandler(handler);
        for (var address : addresses) {
            var connector = connector();
            connector.setHost(
                    address.getAddress() == null
                            ? address.getHostString()
                            : address.getAddress().getHostAddress());
            connector.setPort(address.getPort());
            server.addConnector(connector);
        }
        for (var socket : adopted) {
            var connector = connector();
            connector.open(socket);
            server.addConnector(connector);
        }
        try {
            server.start();
        } catch (IOException e) {
            close();
            throw new IOException(
                    "the API server cannot listen on " + addresses + ": " + e.getMessage()
                            + "; is another one running? Stop it or choose another port",
                    e);
        } catch (Exception e) {
            close();
            throw new IOException("the API server cannot start: " + e, e);
        }
        return Arrays.stream(server.getConnectors())
                .map(connector -> ((ServerConnector) connector).getLocalPort())
                .toList();
    }

    private ServerConnector connector() {
        var configuration = new HttpConfiguration();
        configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(true);
        configuration.setHttpCompliance(HttpCompliance.RFC9110);
        // Names of objects and of proxied ports hold colons and encoded characters.
        configuration.setUriCompliance(UriCompliance.LEGACY);
        var secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        configuration.addCustomizer(secure);
        var http = new HttpConnectionFactory(configuration);
        var connector = new ServerConnector(server, new SslConnectionFactory(tls, http.getProtocol()), http);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setReuseAddress(true);
        return connector;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("the HTTP server did not stop", e);
        } finally {
            requests.shutdownNow();
        }
    }
}
