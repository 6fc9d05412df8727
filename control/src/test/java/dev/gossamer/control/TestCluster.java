package dev.gossamer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.control.source.Cluster;
import dev.gossamer.core.config.Settings;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.kube.api.CustomResources;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.watch.Connection;
import dev.gossamer.pki.TrustRoots;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneAddress;
import dev.gossamer.pki.transport.RootsSource;
import dev.gossamer.pki.transport.TokenSource;
import dev.gossamer.xds.client.DiscoveryClient;
import dev.gossamer.xds.client.DiscoveryListener;
import dev.gossamer.xds.client.MeshListener;
import dev.gossamer.xds.client.ProxyNode;
import dev.gossamer.xds.codec.MeshResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestSpecBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A real API server on loopback, and what tests put into it. */
final class TestCluster implements AutoCloseable {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    final ApiServer api;
    final KubernetesClient kube;

    TestCluster() throws Exception {
        api = ApiServer.start(ApiServerConfig.onLoopback());
        kube = client();
    }

    void installKinds() {
        for (var definition : CustomResources.istio()) {
            kube.resource(definition.toString()).create();
        }
    }

    @Override
    public void close() {
        kube.close();
        api.close();
    }

    KubernetesClient client() {
        return Connection.open(Config.fromKubeconfig(api.kubeconfig(api.uri().toString())));
    }

    /** {@code port} 0: any. */
    ControlPlane start(int port) throws Exception {
        var settings = Settings.of(Map.of(
                "SECURE_GRPC_ADDR", "127.0.0.1:" + port,
                "MONITORING_ADDR", "127.0.0.1:0",
                "HTTP_ADDR", "off",
                "ISTIOD_CUSTOM_HOST", "127.0.0.1",
                "DEFAULT_WORKLOAD_CERT_TTL", "30s"));
        return ControlPlane.start(ControlPlaneConfig.read(settings), new Cluster(client()));
    }

    void namespace(String name) {
        create(new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build());
    }

    void create(HasMetadata object) {
        kube.resource(object).create();
    }

    void account(String namespace, String name) {
        create(new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build());
    }

    Pod pod(String namespace, String name, String account, String node, String ip) {
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
    String token(String namespace, String account, String audience, Pod boundTo) {
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

    /** As a node proxy reaches the control plane on {@code port}, by the root that was published in the namespace shop. */
    ControlPlaneAccess access(int port, String token) throws Exception {
        var bundle = awaitValue("the root bundle", () -> {
            var map = kube.configMaps()
                    .inNamespace("shop")
                    .withName("istio-ca-root-cert")
                    .get();
            return map == null ? null : map.getData().get("root-cert.pem");
        });
        return new ControlPlaneAccess(
                new ControlPlaneAddress("127.0.0.1", port, null),
                new RootsSource.OfPem(TrustRoots.ofPem(bundle.getBytes(StandardCharsets.US_ASCII))),
                new TokenSource.Literal(token),
                "Kubernetes",
                Map.of());
    }

    /** The client of the proxy in pod {@code ztunnel}. */
    DiscoveryClient proxy(int port, Pod ztunnel, Replica mesh, DiscoveryListener listener) throws Exception {
        var client = new DiscoveryClient(
                access(port, token("istio-system", "ztunnel", "istio-ca", ztunnel)),
                new ProxyNode(
                        "10.1.0.1",
                        "ztunnel-1",
                        "istio-system",
                        "node-1",
                        Map.of("CLUSTER_ID", "Kubernetes", "NAMESPACE", "istio-system", "SERVICE_ACCOUNT", "ztunnel")),
                mesh,
                listener,
                TimeSource.SYSTEM);
        Thread.ofVirtual().start(client::run);
        return client;
    }

    void custom(String apiVersion, String kind, String namespace, String name, Map<String, ?> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion(apiVersion);
        object.setKind(kind);
        object.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        object.setAdditionalProperties(new HashMap<>(Map.of("spec", spec)));
        create(object);
    }

    String status(String kind, String namespace, String name) {
        var object = kube.genericKubernetesResources("security.istio.io/v1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
        var status = object.getAdditionalProperties().get("status");
        return status == null || !status.toString().contains("conditions") ? null : status.toString();
    }

    static void await(String what, BooleanSupplier condition) {
        awaitValue(what, () -> condition.getAsBoolean() ? true : null);
    }

    static <T> T awaitValue(String what, Supplier<T> supplier) {
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
    static final class Replica implements MeshListener {
        final Map<String, MeshResource> addresses = new ConcurrentHashMap<>();
        final Map<String, AuthorizationPolicy> policies = new ConcurrentHashMap<>();

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
