package dev.gossamer.kube.server;

import java.io.IOException;
import java.net.URI;

/** A running API server. Thread-safe. */
public final class ApiServer implements AutoCloseable {
    private ApiServer() {}

    /**
     * Starts a server and returns once it answers.
     *
     * @throws IOException if an address is taken, or the data directory cannot be read or written
     */
    public static ApiServer start(ApiServerConfig config) throws IOException {
        throw new IOException("not yet: " + config);
    }

    /** Where the first listening address is reached: {@code https://127.0.0.1:6443}. */
    public URI uri() {
        throw new IllegalStateException();
    }

    /** The certificate authority that signed the server's certificate. */
    public String caPem() {
        throw new IllegalStateException();
    }

    /** The bearer token of the cluster's administrator (group {@code system:masters}). */
    public String adminToken() {
        throw new IllegalStateException();
    }

    /** A kubeconfig for the administrator, by way of {@code serverUri}. */
    public String kubeconfig(String serverUri) {
        throw new IllegalStateException(serverUri);
    }

    /** Ends all connections and, with a data directory, leaves it ready for the next start. */
    @Override
    public void close() {}
}
