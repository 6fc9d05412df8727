package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TimeSource;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an API server is set up.
 *
 * <p>Immutable.
 *
 * @param listen addresses to listen on; port 0 takes any free one
 * @param adopted sockets that listen already (inherited from the process that started this one)
 * @param names DNS names and addresses for the server's certificate, beside localhost, the addresses listened on and
 *     the in-cluster names
 * @param data directory that keeps all state over restarts; without one, state lives as long as the server
 * @param serviceCidr where ClusterIPs are taken from; its first address is that of the service {@code kubernetes}
 * @param pods reaches into running pods
 */
public record ApiServerConfig(
        List<InetSocketAddress> listen,
        List<ServerSocketChannel> adopted,
        List<String> names,
        @Nullable Path data,
        String serviceCidr,
        PodAccess pods,
        TimeSource time) {
    public ApiServerConfig {
        listen = List.copyOf(listen);
        adopted = List.copyOf(adopted);
        names = List.copyOf(names);
        if (listen.isEmpty() && adopted.isEmpty()) {
            throw new IllegalArgumentException("an API server needs at least one address to listen on");
        }
    }

    /** A server on any free loopback port that keeps nothing: for tests. */
    public static ApiServerConfig onLoopback() {
        return new ApiServerConfig(
                List.of(new InetSocketAddress("127.0.0.1", 0)),
                List.of(),
                List.of(),
                null,
                "10.96.0.0/16",
                PodAccess.NONE,
                TimeSource.SYSTEM);
    }
}
