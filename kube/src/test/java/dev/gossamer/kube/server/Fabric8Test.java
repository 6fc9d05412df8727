package dev.gossamer.kube.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client library that Gossamer's own programs use, against the server on loopback. */
final class Fabric8Test {
    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start(new ApiServerConfig(
                List.of(new InetSocketAddress("127.0.0.1", 0)),
                List.of(),
                List.of(),
                null,
                "10.96.0.0/16",
                new LocalPods(),
                TimeSource.SYSTEM));
        client = client(server.adminToken());
        client.serviceAccounts()
                .inNamespace("default")
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
    }

    private static KubernetesClient client(String token) {
        var config = Config.fromKubeconfig(server.kubeconfig(server.uri().toString()));
        config.setOauthToken(token);
        config.setAutoOAuthToken(token);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static String namespace(String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    private static ConfigMap map(String namespace, String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .addNewContainer()
                .withName("c")
                .withImage("x:1")
                .endContainer()
                .endSpec()
                .build();
    }

    @Test
    void informersSeeWhatIsThereAndWhatChanges() throws InterruptedException {
        var namespace = namespace("informed");
        client.resource(map(namespace, "before", Map.of("a", "1"))).create();
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (var informer = client.configMaps().inNamespace(namespace).inform(new ResourceEventHandler<ConfigMap>() {
            @Override
            public void onAdd(ConfigMap map) {
                events.add("+" + map.getMetadata().getName());
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap after) {
                events.add("~" + after.getMetadata().getName() + after.getData());
            }

            @Override
            public void onDelete(ConfigMap map, boolean unknown) {
                events.add("-" + map.getMetadata().getName());
            }
        })) {
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("+before");
            client.resource(map(namespace, "after", Map.of())).create();
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("+after");
            client.configMaps()
                    .inNamespace(namespace)
                    .withName("before")
                    .edit(map -> new ConfigMapBuilder(map).addToData("a", "2").build());
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("~before{a=2}");
            client.configMaps().inNamespace(namespace).withName("after").delete();
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("-after");
            assertThat(informer.getStore().list()).hasSize(1);
        }
    }

    @Test
    void refusesAnUpdateOfWhatSomeoneElseChanged() {
        var namespace = namespace("contended");
        var first = client.resource(map(namespace, "m", Map.of("a", "1"))).create();
        client.resource(new ConfigMapBuilder(first).addToData("a", "2").build()).update();
        assertThatThrownBy(() -> client.resource(
                                new ConfigMapBuilder(first).addToData("a", "3").build())
                        .update())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(409);
                    assertThat(e.getStatus().getReason()).isEqualTo("Conflict");
                });
    }

    @Test
    void appliesOnTheServerSide() {
        var namespace = namespace("applied");
        client.resource(map(namespace, "m", Map.of("a", "1", "b", "1")))
                .fieldManager("one")
                .serverSideApply();
        client.resource(map(namespace, "m", Map.of("c", "1")))
                .fieldManager("two")
                .serverSideApply();
        var last = client.resource(map(namespace, "m", Map.of("b", "2")))
                .fieldManager("one")
                .serverSideApply();
        assertThat(last.getData()).isEqualTo(Map.of("b", "2", "c", "1"));
        var patched = client.resource(last).patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"c\":null}}");
        assertThat(patched.getData()).isEqualTo(Map.of("b", "2"));
    }

    @Test
    void tokensOfPodsSayWhichPodTheyAreOf() {
        var pod = client.resource(pod("bound")).create();
        var issued = client.serviceAccounts()
                .inNamespace("default")
                .withName("default")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences("istio-ca")
                        .withExpirationSeconds(3600L)
                        .withNewBoundObjectRef(
                                "v1", "Pod", "bound", pod.getMetadata().getUid())
                        .endSpec()
                        .build());
        var review = new TokenReviewBuilder()
                .withNewSpec()
                .withToken(issued.getStatus().getToken())
                .withAudiences("istio-ca", "other")
                .endSpec()
                .build();
        var status = client.resource(review).create().getStatus();
        assertThat(status.getAuthenticated()).isTrue();
        assertThat(status.getAudiences()).containsExactly("istio-ca");
        assertThat(status.getUser().getUsername()).isEqualTo("system:serviceaccount:default:default");
        assertThat(status.getUser().getExtra())
                .containsEntry("authentication.kubernetes.io/pod-name", List.of("bound"))
                .containsEntry(
                        "authentication.kubernetes.io/pod-uid",
                        List.of(pod.getMetadata().getUid()))
                .containsEntry("authentication.kubernetes.io/node-name", List.of("n1"));

        var wrongAudience = new TokenReviewBuilder(review)
                .editSpec()
                .withAudiences("other")
                .endSpec()
                .build();
        assertThat(client.resource(wrongAudience).create().getStatus().getAuthenticated())
                .isFalse();

        client.pods()
                .inNamespace("default")
                .withName("bound")
                .withGracePeriod(0)
                .delete();
        assertThat(client.resource(review).create().getStatus().getAuthenticated())
                .isFalse();
    }

    @Test
    void runsCommandsInPods() throws Exception {
        client.resource(pod("commanded")).create();
        var out = new ByteArrayOutputStream();
        try (var watch = client.pods()
                .inNamespace("default")
                .withName("commanded")
                .writingOutput(out)
                .exec("sh", "-c", "echo hello; exit 7")) {
            assertThat(watch.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(7);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hello\n");
        assertThat(client.pods().inNamespace("default").withName("commanded").getLog())
                .contains("c one");
    }

    @Test
    void forwardsPorts() throws IOException {
        client.resource(pod("forwarded")).create();
        try (var echo = new ServerSocket(0, 10, new InetSocketAddress("127.0.0.1", 0).getAddress())) {
            Thread.ofVirtual().start(() -> answer(echo));
            try (var forward = client.pods()
                            .inNamespace("default")
                            .withName("forwarded")
                            .portForward(echo.getLocalPort());
                    var socket = new Socket("127.0.0.1", forward.getLocalPort())) {
                socket.getOutputStream().write("ping".getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.UTF_8))
                        .isEqualTo("PING");
            }
        }
    }

    private static void answer(ServerSocket echo) {
        try (var peer = echo.accept()) {
            var received = new String(peer.getInputStream().readNBytes(4), StandardCharsets.UTF_8);
            peer.getOutputStream().write(received.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void serviceAccountsMayOnlyWhatRolesSay() {
        var issued = client.serviceAccounts()
                .inNamespace("default")
                .withName("default")
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build());
        try (var own = client(issued.getStatus().getToken())) {
            assertThatThrownBy(() -> own.pods().inNamespace("default").list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(403));
        }
        try (var forged = client(issued.getStatus().getToken() + "x")) {
            assertThatThrownBy(() -> forged.pods().inNamespace("default").list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(401));
        }
    }
}
