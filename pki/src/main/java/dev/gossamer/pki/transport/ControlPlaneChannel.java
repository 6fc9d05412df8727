package dev.gossamer.pki.transport;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.TrustRoots;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC channel to the control plane: TLS 1.3 without a client certificate, roots as they were when it was opened.
 *
 * <p>Connects on its first call. Thread-safe.
 */
public final class ControlPlaneChannel implements AutoCloseable {
    /** As much as Istio's node proxy takes: a first response holds the whole mesh. */
    private static final int MAX_MESSAGE_BYTES = 200 << 20;

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final long PING_SECONDS = 30;
    private static final long PING_TIMEOUT_SECONDS = 10;

    private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    private static final Metadata.Key<String> CLUSTER_ID = key("clusterid");

    private final ControlPlaneAccess access;
    private final @Nullable TrustRoots roots;
    private final ManagedChannel channel;

    private ControlPlaneChannel(ControlPlaneAccess access, @Nullable TrustRoots roots, ManagedChannel channel) {
        this.access = access;
        this.roots = roots;
        this.channel = channel;
    }

    /**
     * Reads the roots and prepares to connect.
     *
     * @throws ControlPlaneSetupException if the roots cannot be read: the operator's to mend
     */
    public static ControlPlaneChannel open(ControlPlaneAccess access) throws ControlPlaneSetupException {
        var roots = readRoots(access);
        var address = access.address();
        try {
            var tls = GrpcSslContexts.forClient()
                    .trustManager(ControlPlaneTrust.of(roots, address))
                    .protocols("TLSv1.3")
                    .build();
            var channel = NettyChannelBuilder.forAddress(
                            address.host(), address.port(), NettySslContextChannelCredentials.create(tls))
                    .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                    .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                    .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .disableRetry()
                    // The mesh's own traffic takes no detour through a proxy meant for the workloads.
                    .proxyDetector(_ -> null)
                    .userAgent("gossamer")
                    .build();
            return new ControlPlaneChannel(access, roots, channel);
        } catch (SSLException e) {
            throw new ControlPlaneSetupException("TLS to " + address + " cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Whether the roots have changed since this channel was opened, so that it should be replaced. */
    public boolean isOutdated() throws ControlPlaneSetupException {
        var now = readRoots(access);
        return roots == null ? now != null : !roots.equals(now);
    }

    /**
     * For one call or stream, with the token as of now.
     *
     * @throws ControlPlaneSetupException if the token cannot be read: the operator's to mend
     */
    public Channel forCall() throws ControlPlaneSetupException {
        var headers = new Metadata();
        String token;
        try {
            token = access.token().read();
        } catch (IOException e) {
            throw new ControlPlaneSetupException("the token for the control plane cannot be read: " + e, e);
        }
        if (token != null) {
            headers.put(AUTHORIZATION, "Bearer " + token);
        }
        headers.put(CLUSTER_ID, access.clusterId());
        access.headers().forEach((name, value) -> headers.put(key(name), value));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Takes no further calls, and closes when those under way have ended. */
    public void retire() {
        channel.shutdown();
    }

    /** Cuts what is under way. */
    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static @Nullable TrustRoots readRoots(ControlPlaneAccess access) throws ControlPlaneSetupException {
        try {
            return access.roots().read();
        } catch (IOException | InvalidPemException e) {
            throw new ControlPlaneSetupException(
                    "the roots for " + access.address() + " cannot be read from " + access.roots() + ": " + e, e);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
