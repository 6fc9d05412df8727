package dev.gossamer.pki.renew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.PeerPolicy;
import dev.gossamer.pki.PeerVerification;
import dev.gossamer.pki.PeerVerifier;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import dev.gossamer.pki.issue.CertificateService;
import dev.gossamer.pki.transport.CallerCredentials;
import dev.gossamer.pki.transport.CallerRejectedException;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneAddress;
import dev.gossamer.pki.transport.RootsSource;
import dev.gossamer.pki.transport.TlsEndpoint;
import dev.gossamer.pki.transport.TokenSource;
import io.netty.handler.ssl.OpenSsl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Client and service over real TLS on loopback. */
final class CertificateClientTest {
    private static final SpiffeId CART = new SpiffeId("cluster.local", "shop", "cart");

    @TempDir
    Path files;

    private final ExecutorService worker = Executors.newVirtualThreadPerTaskExecutor();
    private final List<CallerCredentials> callers = new CopyOnWriteArrayList<>();
    private final List<@Nullable SpiffeId> impersonated = new CopyOnWriteArrayList<>();
    private CertificateAuthority authority;
    private TlsEndpoint endpoint;
    private Path rootFile;
    private Path tokenFile;

    @BeforeEach
    void start() throws Exception {
        authority = new CertificateAuthority(
                CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, TimeSource.SYSTEM),
                AuthorityConfig.DEFAULT,
                TimeSource.SYSTEM);
        rootFile = Files.write(files.resolve("root-cert.pem"), authority.roots().pem());
        tokenFile = Files.writeString(files.resolve("istio-token"), "good-token\n");
        var server =
                authority.issueServer(List.of("istiod.istio-system.svc"), List.of(InetAddress.getByName("127.0.0.1")));
        endpoint = TlsEndpoint.start(
                new TlsEndpoint.Config(
                        new InetSocketAddress("127.0.0.1", 0), Duration.ofMinutes(30), Duration.ofSeconds(1), 100),
                server.chain(),
                server.privateKey(),
                List.of(new CertificateService(authority, this::authorize).bindService()));
    }

    @AfterEach
    void stop() {
        endpoint.close();
        worker.shutdownNow();
    }

    private SpiffeId authorize(CallerCredentials caller, @Nullable SpiffeId target) throws CallerRejectedException {
        callers.add(caller);
        if (!"good-token".equals(caller.bearerToken())) {
            throw new CallerRejectedException("bad token");
        }
        if (target == null) {
            return CART;
        }
        impersonated.add(target);
        return target;
    }

    private CertificateClient client(String host, @Nullable String alternative, CertificateClient.Mode mode) {
        var access = new ControlPlaneAccess(
                new ControlPlaneAddress(host, endpoint.port(), alternative),
                new RootsSource.OfFile(rootFile),
                new TokenSource.OfFile(tokenFile),
                "Kubernetes",
                Map.of());
        return new CertificateClient(access, mode, Duration.ofSeconds(30), worker);
    }

    private static Svid request(CertificateClient client) throws Exception {
        return client.request(CART).get(20, TimeUnit.SECONDS);
    }

    @Test
    void givesACertificateThatPeersAccept() throws Exception {
        try (var client = client("127.0.0.1", null, CertificateClient.Mode.IMPERSONATING)) {
            var svid = request(client);

            assertThat(impersonated).containsExactly(CART);
            assertThat(callers).singleElement().satisfies(caller -> {
                assertThat(caller.clusterId()).isEqualTo("Kubernetes");
                assertThat(caller.bearerToken()).isEqualTo("good-token");
            });
            var verifier = new PeerVerifier(svid.roots(), TimeSource.SYSTEM);
            assertThat(verifier.verify(svid.chain(), new PeerPolicy.AnyOf(Set.of(CART))))
                    .isEqualTo(new PeerVerification.Verified(CART));
            assertThat(Duration.between(svid.notBefore(), svid.notAfter())).isEqualTo(Duration.ofSeconds(150));
        }
    }

    @Test
    void runsOnTheTlsOfThePrograms() {
        // Elsewhere the tests of xds use the JDK's.
        OpenSsl.ensureAvailability();
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @Test
    void asksForItselfWithoutImpersonation() throws Exception {
        try (var client = client("127.0.0.1", null, CertificateClient.Mode.OWN)) {
            assertThat(request(client).identity()).isEqualTo(CART);
            assertThat(impersonated).isEmpty();
        }
    }

    @Test
    void acceptsTheAlternativeNameOnly() throws Exception {
        try (var client = client("localhost", "istiod.istio-system.svc", CertificateClient.Mode.OWN)) {
            assertThat(request(client).identity()).isEqualTo(CART);
        }
        try (var client = client("localhost", null, CertificateClient.Mode.OWN)) {
            assertThatThrownBy(() -> request(client))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(CertificateUnavailableException.class)
                    .hasMessageContaining("UNAVAILABLE");
        }
    }

    @Test
    void readsTokenAndRootsAnew() throws Exception {
        try (var client = client("127.0.0.1", null, CertificateClient.Mode.OWN)) {
            Files.writeString(tokenFile, "bad-token");
            assertThatThrownBy(() -> request(client))
                    .cause()
                    .hasMessageContaining("UNAUTHENTICATED: request authenticate failure");
            Files.writeString(tokenFile, "good-token");
            assertThat(request(client).identity()).isEqualTo(CART);

            var other = CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, TimeSource.SYSTEM);
            Files.write(rootFile, other.roots().pem());
            assertThatThrownBy(() -> request(client)).cause().hasMessageContaining("UNAVAILABLE");

            authority.replace(other);
            var server = authority.issueServer(List.of(), List.of(InetAddress.getByName("127.0.0.1")));
            endpoint.replace(server.chain(), server.privateKey());
            assertThat(request(client).roots()).isEqualTo(other.roots());
        }
    }

    @Test
    void saysWhichFileCannotBeRead() throws Exception {
        try (var client = client("127.0.0.1", null, CertificateClient.Mode.OWN)) {
            Files.delete(rootFile);
            assertThatThrownBy(() -> request(client)).cause().hasMessageContaining("root-cert.pem");
        }
    }
}
