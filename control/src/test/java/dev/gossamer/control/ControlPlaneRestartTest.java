package dev.gossamer.control;

import static dev.gossamer.control.TestCluster.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.client.ConnectionState;
import dev.gossamer.xds.client.DiscoveryListener;
import dev.gossamer.xds.delta.TypeUrl;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What proxies notice of a control plane that restarts, and of kinds that are installed late. */
final class ControlPlaneRestartTest {
    private static final String CART = "Kubernetes//Pod/shop/cart-1";

    /** Counts what comes over the wire. */
    private static final class Traffic implements DiscoveryListener {
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger addresses = new AtomicInteger();

        @Override
        public void onState(ConnectionState state) {
            if (state instanceof ConnectionState.Connected) {
                connections.incrementAndGet();
            }
        }

        @Override
        public void onResponse(TypeUrl type, int resources, int removed, long bytes) {
            if (type.equals(TypeUrl.ADDRESS)) {
                addresses.addAndGet(resources);
                assertThat(removed).isZero();
            }
        }
    }

    @Test
    void aRestartSendsOnlyDifferencesAndKeepsTheRoot() throws Exception {
        try (var cluster = new TestCluster()) {
            cluster.installKinds();
            cluster.namespace("istio-system");
            cluster.namespace("shop");
            cluster.account("istio-system", "ztunnel");
            cluster.account("shop", "cart");
            var ztunnel = cluster.pod("istio-system", "ztunnel-1", "ztunnel", "node-1", "10.1.0.1");
            cluster.pod("shop", "cart-1", "cart", "node-1", "10.1.0.3");
            var mesh = new TestCluster.Replica();
            var traffic = new Traffic();
            var first = cluster.start(0);
            int port = first.port();
            try (var proxy = cluster.proxy(port, ztunnel, mesh, traffic)) {
                proxy.initialSyncDone().get(TestCluster.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                int sentAtFirst = traffic.addresses.get();
                assertThat(sentAtFirst).isGreaterThanOrEqualTo(3);
                first.close();

                // Happens while nobody watches.
                cluster.kube
                        .pods()
                        .inNamespace("shop")
                        .withName("cart-1")
                        .edit(pod -> new PodBuilder(pod)
                                .editMetadata()
                                .addToAnnotations("ambient.istio.io/redirection", "enabled")
                                .endMetadata()
                                .build());
                try (var second = cluster.start(port)) {
                    await("the change", () -> mesh.workload(CART).tunnel().protocol() == Workload.Protocol.HBONE);
                    assertThat(second.port()).isEqualTo(port);
                    assertThat(traffic.connections).hasValueGreaterThanOrEqualTo(2);
                    assertThat(traffic.addresses).hasValue(sentAtFirst + 1);
                }
            } finally {
                first.close();
            }
        }
    }

    @Test
    void worksWithoutItsKindsAndPicksThemUpWhenTheyCome() throws Exception {
        try (var cluster = new TestCluster()) {
            cluster.namespace("istio-system");
            cluster.namespace("shop");
            cluster.account("istio-system", "ztunnel");
            cluster.account("shop", "cart");
            var ztunnel = cluster.pod("istio-system", "ztunnel-1", "ztunnel", "node-1", "10.1.0.1");
            cluster.pod("shop", "cart-1", "cart", "node-1", "10.1.0.3");
            var mesh = new TestCluster.Replica();
            try (var program = cluster.start(0);
                    var proxy = cluster.proxy(program.port(), ztunnel, mesh, DiscoveryListener.NONE)) {
                proxy.initialSyncDone().get(TestCluster.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                assertThat(mesh.workload(CART).policies()).isEmpty();
                cluster.installKinds();
                cluster.custom(
                        "security.istio.io/v1",
                        "AuthorizationPolicy",
                        "shop",
                        "late",
                        Map.of("selector", Map.of("matchLabels", Map.of("app", "cart")), "rules", List.of(Map.of())));
                await("the late policy", () -> mesh.workload(CART).policies().contains("shop/late"));
            }
        }
    }
}
