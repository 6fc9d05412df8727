package dev.gossamer.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.control.source.Cluster;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.kube.api.CustomResources;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.watch.Connection;
import dev.gossamer.pki.TrustRoots;
import dev.gossamer.pki.renew.CertificateClient;
import dev.gossamer.pki.renew.CertificateClient.Mode;
import dev.gossamer.pki.renew.CertificateUnavailableException;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneAddress;
import dev.gossamer.pki.transport.RootsSource;
import dev.gossamer.pki.transport.TokenSource;
import dev.gossamer.xds.client.DiscoveryClient;
import dev.gossamer.xds.client.DiscoveryListener;
import dev.gossamer.xds.client.ProxyNode;
import dev.gossamer.xds.codec.MeshResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestSpecBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole program against a real API server, with the clients of a real proxy, on loopback. */
final class ControlPlaneTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final SpiffeId CART = new SpiffeId("cluster.local", "shop", "cart");

    private static ApiServer api;
    private static KubernetesClient kube;
    private static ControlPlane program;
    private static Pod ztunnel;

    @BeforeAll
    static void start() throws Exception {
        api = ApiServer.start(ApiServerConfig.onLoopback());
        kube = client();
        for (var definition : CustomResources.istio()) {
            kube.resource(definition.toString()).create();
        }
        create(namespace("istio-system"));
        create(namespace("shop"));
        account("istio-system", "ztunnel");
        account("istio-system", "other");
        account("shop", "cart");
        account("shop", "far");
        ztunnel = pod("istio-system", "ztunnel-1", "ztunnel", "node-1", "10.1.0.1");
        pod("istio-system", "impostor", "other", "node-1", "10.1.0.2");
        pod("shop", "cart-1", "cart", "node-1", "10.1.0.3");
        pod("shop", "far-1", "far", "node-2", "10.1.0.4");
        program = ControlPlane.start(ControlPlaneConfig.read(settings()), new Cluster(client()));
    }

    @AfterAll
    static void stop() {
        if (program != null) {
            program.close();
        }
        if (kube != null) {
            kube.close();
        }
        if (api != null) {
            api.close();
        }
    }

    private static KubernetesClient client() {
        return Connection.open(Config.fromKubeconfig(api.kubeconfig(api.uri().toString())));
    }

    private static Settings settings() {
        return Settings.of(Map.of(
                "SECURE_GRPC_ADDR", "127.0.0.1:0",
                "MONITORING_ADDR", "127.0.0.1:0",
                "HTTP_ADDR", "off",
                "ISTIOD_CUSTOM_HOST", "127.0.0.1",
                "DEFAULT_WORKLOAD_CERT_TTL", "30s"));
    }

    private static Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }

    private static <T extends HasMetadata> T create(T object) {
        return kube.resource(object).create();
    }

    private static void account(String namespace, String name) {
        create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build());
    }

    private static Pod pod(String namespace, String name, String account, String node, String ip) {
        create(new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Map.of("app", account))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(account)
                .withNodeName(node)
                .addNewContainer()
                .withName("main")
                .withImage("gossamer/demo")
                .endContainer()
                .endSpec()
                .build());
        return kube.pods()
                .inNamespace(namespace)
                .withName(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .addNewPodIP(ip)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    /** {@code boundTo}: none if null. */
    private static String token(String namespace, String account, String audience, Pod boundTo) {
        var spec = new TokenRequestSpecBuilder().withAudiences(audience).withExpirationSeconds(3600L);
        if (boundTo != null) {
            spec.withNewBoundObjectRef()
                    .withApiVersion("v1")
                    .withKind("Pod")
                    .withName(boundTo.getMetadata().getName())
                    .withUid(boundTo.getMetadata().getUid())
                    .endBoundObjectRef();
        }
        return kube.serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder().withSpec(spec.build()).build())
                .getStatus()
                .getToken();
    }

    private static ControlPlaneAccess access(String token) throws Exception {
        var bundle = awaitValue("the root bundle", () -> {
            var map = kube.configMaps()
                    .inNamespace("shop")
                    .withName("istio-ca-root-cert")
                    .get();
            return map == null ? null : map.getData().get("root-cert.pem");
        });
        return new ControlPlaneAccess(
                new ControlPlaneAddress("127.0.0.1", program.port(), null),
                new RootsSource.OfPem(TrustRoots.ofPem(bundle.getBytes(StandardCharsets.US_ASCII))),
                new TokenSource.Literal(token),
                "Kubernetes",
                Map.of());
    }

    private static dev.gossamer.pki.Svid certificate(String token, SpiffeId identity, Mode mode) throws Exception {
        try (var client = new CertificateClient(access(token), mode, Duration.ZERO, Runnable::run)) {
            return client.request(identity).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
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
        var svid = certificate(token("istio-system", "ztunnel", "istio-ca", ztunnel), CART, Mode.IMPERSONATING);
        var leaf = svid.chain().getFirst();
        assertThat(leaf.getSubjectAlternativeNames().toString()).contains(CART.toString());
        assertThat(Duration.between(
                        leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                .isEqualTo(Duration.ofMinutes(2).plusSeconds(30));
    }

    @Test
    void issuesToEveryoneTheirOwn() throws Exception {
        var other = new SpiffeId("cluster.local", "istio-system", "other");
        assertThat(certificate(token("istio-system", "other", "istio-ca", null), other, Mode.OWN)
                        .chain()
                        .getFirst()
                        .getSubjectAlternativeNames()
                        .toString())
                .contains(other.toString());
    }

    @Test
    void refusesATokenForAnotherAudience() {
        assertRefused(token("istio-system", "ztunnel", "somebody-else", ztunnel), CART);
    }

    @Test
    void refusesAnIdentityThatIsOnAnotherNode() {
        assertRefused(
                token("istio-system", "ztunnel", "istio-ca", ztunnel), new SpiffeId("cluster.local", "shop", "far"));
    }

    @Test
    void refusesAnIdentityThatNoPodHas() {
        assertRefused(
                token("istio-system", "ztunnel", "istio-ca", ztunnel), new SpiffeId("cluster.local", "shop", "admin"));
    }

    @Test
    void refusesATokenThatIsBoundToNoPod() {
        assertRefused(token("istio-system", "ztunnel", "istio-ca", null), CART);
    }

    @Test
    void refusesAnAccountThatIsNotTrusted() {
        var impostor =
                kube.pods().inNamespace("istio-system").withName("impostor").get();
        assertRefused(token("istio-system", "other", "istio-ca", impostor), CART);
    }

    @Test
    void refusesATokenThatNobodyIssued() {
        assertRefused("not.a.token", CART);
    }

    @Test
    void refusesATokenWhosePodIsGone() throws Exception {
        var pod = pod("istio-system", "ztunnel-old", "ztunnel", "node-1", "10.1.0.9");
        var token = token("istio-system", "ztunnel", "istio-ca", pod);
        assertThat(certificate(token, CART, Mode.IMPERSONATING)).isNotNull();
        kube.pods()
                .inNamespace("istio-system")
                .withName("ztunnel-old")
                .withGracePeriod(0)
                .delete();
        await("the refusal", () -> {
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
        var mesh = new Replica();
        try (var proxy = proxy(mesh)) {
            proxy.initialSyncDone().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            var uid = "Kubernetes//Pod/shop/cart-1";
            assertThat(mesh.workload(uid).tunnel().protocol()).isEqualTo(Workload.Protocol.TCP);

            // The node agent announces that it has set up the redirection.
            kube.pods()
                    .inNamespace("shop")
                    .withName("cart-1")
                    .edit(pod -> new PodBuilder(pod)
                            .editMetadata()
                            .addToAnnotations("ambient.istio.io/redirection", "enabled")
                            .endMetadata()
                            .build());
            await("HBONE", () -> mesh.workload(uid).tunnel().protocol() == Workload.Protocol.HBONE);

            custom(
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
            await("the policy", () -> mesh.policies.containsKey("shop/only-far"));
            await("its listing", () -> mesh.workload(uid).policies().contains("shop/only-far"));
            var condition = awaitValue("its condition", () -> status("AuthorizationPolicy", "shop", "only-far"));
            assertThat(condition)
                    .contains("ZtunnelAccepted")
                    .contains("Accepted")
                    .contains("attached to ztunnel");

            custom(
                    "security.istio.io/v1",
                    "PeerAuthentication",
                    "shop",
                    "default",
                    Map.of("mtls", Map.of("mode", "STRICT")));
            var strict = "istio-system/istio_converted_static_strict";
            await("strictness", () -> mesh.workload(uid).policies().contains(strict));
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
        var maps = kube.configMaps().inNamespace("shop").withName("istio-ca-root-cert");
        var good = awaitValue(
                "the root bundle", () -> maps.get() == null ? null : maps.get().getData());
        maps.edit(map -> {
            map.getData().put("root-cert.pem", "forged");
            return map;
        });
        await("the repair", () -> maps.get() != null && good.equals(maps.get().getData()));
        maps.delete();
        await("the return", () -> maps.get() != null && good.equals(maps.get().getData()));
        assertThat(kube.configMaps()
                        .inNamespace("kube-system")
                        .withName("istio-ca-root-cert")
                        .get())
                .isNull();
    }

    private static DiscoveryClient proxy(Replica mesh) throws Exception {
        var client = new DiscoveryClient(
                access(token("istio-system", "ztunnel", "istio-ca", ztunnel)),
                new ProxyNode(
                        "10.1.0.1",
                        "ztunnel-1",
                        "istio-system",
                        "node-1",
                        Map.of("CLUSTER_ID", "Kubernetes", "NAMESPACE", "istio-system", "SERVICE_ACCOUNT", "ztunnel")),
                mesh,
                DiscoveryListener.NONE,
                TimeSource.SYSTEM);
        Thread.ofVirtual().start(client::run);
        return client;
    }

    private static void custom(String apiVersion, String kind, String namespace, String name, Map<String, ?> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion(apiVersion);
        object.setKind(kind);
        object.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .build());
        object.setAdditionalProperties(new HashMap<>(Map.of("spec", spec)));
        create(object);
    }

    private static String status(String kind, String namespace, String name) {
        var object = kube.genericKubernetesResources("security.istio.io/v1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
        var status = object.getAdditionalProperties().get("status");
        return status == null || !status.toString().contains("conditions") ? null : status.toString();
    }

    private static String page(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + program.monitoringPort() + path);
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        awaitValue(what, () -> condition.getAsBoolean() ? true : null);
    }

    private static <T> T awaitValue(String what, java.util.function.Supplier<T> supplier) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(end);
            Thread.yield();
        }
    }

    /** What a proxy knows. */
    private static final class Replica implements dev.gossamer.xds.client.MeshListener {
        private final Map<String, MeshResource> addresses = new java.util.concurrent.ConcurrentHashMap<>();
        private final Map<String, AuthorizationPolicy> policies = new java.util.concurrent.ConcurrentHashMap<>();

        Workload workload(String uid) {
            return ((MeshResource.OfWorkload) addresses.get(uid)).workload();
        }

        @Override
        public void onAddresses(List<MeshResource> changed, List<String> removed) {
            removed.forEach(addresses::remove);
            changed.forEach(resource -> addresses.put(resource.name(), resource));
        }

        @Override
        public void onPolicies(List<PolicyUpdate> changed, List<String> removed) {
            removed.forEach(policies::remove);
            changed.forEach(update -> policies.put(update.name(), update.policy()));
        }
    }
}
