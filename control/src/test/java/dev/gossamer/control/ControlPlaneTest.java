package dev.gossamer.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.renew.CertificateClient;
import dev.gossamer.pki.renew.CertificateClient.Mode;
import dev.gossamer.pki.renew.CertificateUnavailableException;
import dev.gossamer.xds.client.DiscoveryListener;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole program against a real API server, with the clients of a real proxy, on loopback. */
final class ControlPlaneTest {
    private static final SpiffeId CART = new SpiffeId("cluster.local", "shop", "cart");

    private static TestCluster cluster;
    private static ControlPlane program;
    private static Pod ztunnel;

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster();
        cluster.installKinds();
        cluster.namespace("istio-system");
        cluster.namespace("shop");
        cluster.account("istio-system", "ztunnel");
        cluster.account("istio-system", "other");
        cluster.account("shop", "cart");
        cluster.account("shop", "far");
        ztunnel = cluster.pod("istio-system", "ztunnel-1", "ztunnel", "node-1", "10.1.0.1");
        cluster.pod("istio-system", "impostor", "other", "node-1", "10.1.0.2");
        cluster.pod("shop", "cart-1", "cart", "node-1", "10.1.0.3");
        cluster.pod("shop", "far-1", "far", "node-2", "10.1.0.4");
        program = cluster.start(0);
    }

    @AfterAll
    static void stop() {
        if (program != null) {
            program.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Svid certificate(String token, SpiffeId identity, Mode mode) throws Exception {
        try (var client =
                new CertificateClient(cluster.access(program.port(), token), mode, Duration.ZERO, Runnable::run)) {
            return client.request(identity).get(TestCluster.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void assertRefused(String token, SpiffeId identity) {
        assertThatThrownBy(() -> certificate(token, identity, Mode.IMPERSONATING))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(CertificateUnavailableException.class)
                .hasMessageContaining("UNAUTHENTICATED");
    }

    @Test
    void issuesForThePodsOnTheNodeOfTheCaller() throws Exception {
        var svid = certificate(cluster.token("istio-system", "ztunnel", "istio-ca", ztunnel), CART, Mode.IMPERSONATING);
        var leaf = svid.chain().getFirst();
        assertThat(leaf.getSubjectAlternativeNames().toString()).contains(CART.toString());
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(2).plusSeconds(30));
    }

    @Test
    void issuesToEveryoneTheirOwn() throws Exception {
        var other = new SpiffeId("cluster.local", "istio-system", "other");
        assertThat(certificate(cluster.token("istio-system", "other", "istio-ca", null), other, Mode.OWN)
                        .chain()
                        .getFirst()
                        .getSubjectAlternativeNames()
                        .toString())
                .contains(other.toString());
    }

    @Test
    void refusesATokenForAnotherAudience() {
        assertRefused(cluster.token("istio-system", "ztunnel", "somebody-else", ztunnel), CART);
    }

    @Test
    void refusesAnIdentityThatIsOnAnotherNode() {
        assertRefused(
                cluster.token("istio-system", "ztunnel", "istio-ca", ztunnel),
                new SpiffeId("cluster.local", "shop", "far"));
    }

    @Test
    void refusesAnIdentityThatNoPodHas() {
        assertRefused(
                cluster.token("istio-system", "ztunnel", "istio-ca", ztunnel),
                new SpiffeId("cluster.local", "shop", "admin"));
    }

    @Test
    void refusesATokenThatIsBoundToNoPod() {
        assertRefused(cluster.token("istio-system", "ztunnel", "istio-ca", null), CART);
    }

    @Test
    void refusesAnAccountThatIsNotTrusted() {
        var impostor = cluster.kube
                .pods()
                .inNamespace("istio-system")
                .withName("impostor")
                .get();
        assertRefused(cluster.token("istio-system", "other", "istio-ca", impostor), CART);
    }

    @Test
    void refusesATokenThatNobodyIssued() {
        assertRefused("not.a.token", CART);
    }

    @Test
    void refusesATokenWhosePodIsGone() throws Exception {
        var pod = cluster.pod("istio-system", "ztunnel-old", "ztunnel", "node-1", "10.1.0.9");
        var token = cluster.token("istio-system", "ztunnel", "istio-ca", pod);
        assertThat(certificate(token, CART, Mode.IMPERSONATING)).isNotNull();
        cluster.kube
                .pods()
                .inNamespace("istio-system")
                .withName("ztunnel-old")
                .withGracePeriod(0)
                .delete();
        TestCluster.await("the refusal", () -> {
            try {
                certificate(token, CART, Mode.IMPERSONATING);
                return false;
            } catch (ExecutionException e) {
                return e.getCause().getMessage().contains("UNAUTHENTICATED");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void tellsProxiesWhatChanges() throws Exception {
        var mesh = new TestCluster.Replica();
        try (var proxy = cluster.proxy(program.port(), ztunnel, mesh, DiscoveryListener.NONE)) {
            proxy.initialSyncDone().get(TestCluster.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            var uid = "Kubernetes//Pod/shop/cart-1";
            assertThat(mesh.workload(uid).tunnel().protocol()).isEqualTo(Workload.Protocol.TCP);

            // The node agent announces that it has set up the redirection.
            cluster.kube
                    .pods()
                    .inNamespace("shop")
                    .withName("cart-1")
                    .edit(pod -> new PodBuilder(pod)
                            .editMetadata()
                            .addToAnnotations("ambient.istio.io/redirection", "enabled")
                            .endMetadata()
                            .build());
            TestCluster.await("HBONE", () -> mesh.workload(uid).tunnel().protocol() == Workload.Protocol.HBONE);

            cluster.custom(
                    "security.istio.io/v1",
                    "AuthorizationPolicy",
                    "shop",
                    "only-far",
                    Map.of(
                            "selector", Map.of("matchLabels", Map.of("app", "cart")),
                            "rules",
                                    List.of(Map.of(
                                            "from",
                                                    List.of(Map.of(
                                                            "source", Map.of("serviceAccounts", List.of("far")))),
                                            "to", List.of(Map.of("operation", Map.of("ports", List.of("80"))))))));
            TestCluster.await("the policy", () -> mesh.policies.containsKey("shop/only-far"));
            TestCluster.await("its listing", () -> mesh.workload(uid).policies().contains("shop/only-far"));
            var condition = TestCluster.awaitValue(
                    "its condition", () -> cluster.status("AuthorizationPolicy", "shop", "only-far"));
            assertThat(condition)
                    .contains("ZtunnelAccepted")
                    .contains("Accepted")
                    .contains("attached to ztunnel");

            cluster.custom(
                    "security.istio.io/v1",
                    "PeerAuthentication",
                    "shop",
                    "default",
                    Map.of("mtls", Map.of("mode", "STRICT")));
            var strict = "istio-system/istio_converted_static_strict";
            TestCluster.await("strictness", () -> mesh.workload(uid).policies().contains(strict));
            assertThat(mesh.policies.get(strict).action()).isEqualTo(AuthorizationPolicy.Action.DENY);

            var metrics = page("/metrics");
            assertThat(metrics).contains("pilot_xds{").contains("pilot_xds_pushes{type=\"wds\"}");
            assertThat(page("/debug/ambientz")).contains(uid).contains("only-far");
            assertThat(page("/debug/syncz")).contains("ztunnel~");
            assertThat(page("/ready")).isEqualTo("ready\n");
        }
    }

    @Test
    void putsTheRootBundleRight() {
        var maps = cluster.kube.configMaps().inNamespace("shop").withName("istio-ca-root-cert");
        var good = TestCluster.awaitValue(
                "the root bundle", () -> maps.get() == null ? null : maps.get().getData());
        maps.edit(map -> {
            map.getData().put("root-cert.pem", "forged");
            return map;
        });
        TestCluster.await(
                "the repair", () -> maps.get() != null && good.equals(maps.get().getData()));
        maps.delete();
        TestCluster.await(
                "the return", () -> maps.get() != null && good.equals(maps.get().getData()));
        assertThat(cluster.kube
                        .configMaps()
                        .inNamespace("kube-system")
                        .withName("istio-ca-root-cert")
                        .get())
                .isNull();
    }

    private static String page(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + program.monitoringPort() + path);
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }
}
