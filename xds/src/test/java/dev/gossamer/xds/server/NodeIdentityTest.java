package dev.gossamer.xds.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.xds.delta.NodeInfo;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NodeIdentityTest {
    private static final SpiffeId ZTUNNEL = new SpiffeId("cluster.local", "istio-system", "ztunnel");

    private static NodeInfo node(String id) {
        return new NodeInfo(id, Map.of());
    }

    private static NodeInfo metadata(Map<String, Object> metadata) {
        return new NodeInfo("ztunnel~1.1.1.1~a.b~c", metadata);
    }

    @Test
    void readsNodeIds() {
        assertThat(NodeIdentity.malformed(node("ztunnel~10.0.0.1~z.istio-system~istio-system.svc.cluster.local")))
                .isNull();
        assertThat(NodeIdentity.malformed(node("waypoint~fd00::1~w.shop~shop.svc.cluster.local")))
                .isNull();
        for (var id : new String[] {
            "",
            "ztunnel",
            "ztunnel~10.0.0.1~z.n",
            "ztunnel~10.0.0.1~z.n~d~e",
            "proxy~10.0.0.1~z.n~d",
            "ztunnel~host~z.n~d",
            "ztunnel~~z.n~d",
            "ztunnel~10.0.0.1~" + "x".repeat(2000) + "~d"
        }) {
            assertThat(NodeIdentity.malformed(node(id))).as(id).isNotNull();
        }
    }

    @Test
    void wantsTheTokensNamespaceAndAccount() {
        assertThat(NodeIdentity.mismatch(metadata(Map.of("NAMESPACE", "istio-system")), ZTUNNEL))
                .isNull();
        assertThat(NodeIdentity.mismatch(
                        metadata(Map.of("NAMESPACE", "istio-system", "SERVICE_ACCOUNT", "ztunnel")), ZTUNNEL))
                .isNull();
        assertThat(NodeIdentity.mismatch(metadata(Map.of("NAMESPACE", "shop")), ZTUNNEL))
                .contains("shop");
        assertThat(NodeIdentity.mismatch(metadata(Map.of()), ZTUNNEL)).isNotNull();
        assertThat(NodeIdentity.mismatch(metadata(Map.of("NAMESPACE", 7)), ZTUNNEL))
                .isNotNull();
        assertThat(NodeIdentity.mismatch(
                        metadata(Map.of("NAMESPACE", "istio-system", "SERVICE_ACCOUNT", "admin")), ZTUNNEL))
                .contains("admin");
    }
}
