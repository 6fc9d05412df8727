package dev.gossamer.kube.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.server.PodAccess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real API server, which is taken away and brought back. */
class ClusterWatchTest {
    private static final Kind<ConfigMap> CONFIG_MAPS = Kind.builtIn(ConfigMap.class);
    private static final Kind<GenericKubernetesResource> WIDGETS =
            Kind.custom("example.org", "v1", "Widget", "widgets");
    private static final Duration OFTEN = Duration.ofMillis(50);

    @TempDir
    private Path data;

    private ApiServer server;
    private KubernetesClient client;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        server = serve(0);
        client = Connection.open(new ConfigBuilder(Config.empty())
                .withMasterUrl(server.uri().toString())
                .withOauthToken(server.adminToken())
                .withCaCertData(
                        Base64.getEncoder().encodeToString(server.caPem().getBytes(StandardCharsets.UTF_8)))
                .build());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private ApiServer serve(int port) throws Exception {
        return ApiServer.start(new ApiServerConfig(
                List.of(new InetSocketAddress("127.0.0.1", port)),
                List.of(),
                List.of(),
                data,
                "10.96.0.0/16",
                PodAccess.NONE,
                TimeSource.SYSTEM));
    }

    private ClusterWatch watch(Source... sources) throws Exception {
        return ClusterWatch.start(client, List.of(sources), this::hear, OFTEN);
    }

    private void hear(Change change) {
        heard.add(
                switch (change) {
                    case Change.Upsert(var key, var old, var _) -> (old == null ? "+" : "~") + key.name();
                    case Change.Delete(var key, var _) -> "-" + key.name();
                    case Change.Synced() -> "synced";
                });
    }

    @Test
    void deliversWhatIsThereBeforeSyncedAndChangesAfterwards() throws Exception {
        create("a");
        create("b");
        try (var _ = watch(Source.all(CONFIG_MAPS).inNamespace("default"))) {
            assertThat(next(2)).containsExactlyInAnyOrder("+a", "+b");
            assertThat(next(1)).containsExactly("synced");
            create("c");
            assertThat(next(1)).containsExactly("+c");
            change("a");
            assertThat(next(1)).containsExactly("~a");
            client.configMaps().inNamespace("default").withName("b").delete();
            assertThat(next(1)).containsExactly("-b");
        }
    }

    @Test
    void selectsByFieldAndLabel() throws Exception {
        create("a");
        create("b");
        try (var _ = watch(Source.all(CONFIG_MAPS).inNamespace("default").withField("metadata.name", "b"))) {
            assertThat(next(2)).containsExactly("+b", "synced");
        }
    }

    @Test
    void losesAndRepeatsNothingWhileTheServerIsAway() throws Exception {
        create("kept");
        create("changed");
        create("deleted");
        try (var _ = watch(Source.all(CONFIG_MAPS).inNamespace("default"))) {
            assertThat(next(4)).contains("synced");
            int port = server.uri().getPort();
            server.close();
            // Something happens that the watch cannot see: through another server on the same data.
            server = serve(0);
            var other = Connection.open(new ConfigBuilder(client.getConfiguration())
                    .withMasterUrl(server.uri().toString())
                    .build());
            other.configMaps().inNamespace("default").withName("deleted").delete();
            other.resource(map("changed", "new")).update();
            other.resource(map("created", "x")).create();
            other.close();
            server.close();
            server = serve(port);

            assertThat(next(3)).containsExactlyInAnyOrder("-deleted", "~changed", "+created");
            // Whatever came twice would come before this.
            create("last");
            assertThat(next(1)).containsExactly("+last");
        }
    }

    @Test
    void picksUpAKindWhenItIsInstalledAndDropsItsObjectsWhenItGoes() throws Exception {
        try (var _ = watch(Source.all(WIDGETS))) {
            assertThat(next(1)).containsExactly("synced");
            var definition = client.resource(DEFINITION).create();
            createWidget("w");
            assertThat(next(1)).containsExactly("+w");
            client.resource(definition).delete();
            assertThat(next(1)).containsExactly("-w");

            client.resource(DEFINITION).create();
            createWidget("again");
            assertThat(next(1)).containsExactly("+again");
        }
    }

    @Test
    void survivesAListenerThatFails() throws Exception {
        create("bad");
        var changes = new LinkedBlockingQueue<HasMetadata>();
        try (var _ = ClusterWatch.start(client, List.of(Source.all(CONFIG_MAPS).inNamespace("default")), change -> {
            if (change instanceof Change.Upsert(var key, var _, var object)) {
                if (key.name().equals("bad")) {
                    throw new IllegalStateException("expected by this test");
                }
                changes.add(object);
            }
        })) {
            create("good");
            assertThat(changes.poll(20, TimeUnit.SECONDS).getMetadata().getName())
                    .isEqualTo("good");
        }
    }

    @Test
    void saysInOneSentenceThatNobodyListens() {
        int port = server.uri().getPort();
        server.close();
        assertThatThrownBy(() -> watch(Source.all(CONFIG_MAPS)))
                .isInstanceOf(ClusterUnreachableException.class)
                .hasMessage("cannot use the Kubernetes API at https://127.0.0.1:" + port
                        + "/: the connection is refused; is the cluster running?");
    }

    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.org}
            spec:
              group: example.org
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    /** The kind is served a moment after its definition is taken. */
    private void createWidget(String name) throws Exception {
        var widget = new GenericKubernetesResource();
        widget.setApiVersion("example.org/v1");
        widget.setKind("Widget");
        widget.setMetadata(
                new ObjectMetaBuilder().withNamespace("default").withName(name).build());
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                client.resource(widget).create();
                return;
            } catch (RuntimeException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private void create(String name) {
        client.resource(map(name, "x")).create();
    }

    private void change(String name) {
        client.resource(map(name, "changed")).update();
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    private List<String> next(int count) throws InterruptedException {
        var changes = new ArrayList<String>();
        while (changes.size() < count) {
            var change = heard.poll(20, TimeUnit.SECONDS);
            assertThat(change).as("after %s", changes).isNotNull();
            changes.add(change);
        }
        return changes;
    }
}
