package dev.gossamer.ztunnel.admin;

import static dev.gossamer.ztunnel.state.Mesh.service;
import static dev.gossamer.ztunnel.state.Mesh.workload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.config.Settings;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.AuthorizationRule;
import dev.gossamer.core.policy.AuthorizationRule.Clause;
import dev.gossamer.core.policy.AuthorizationRule.Match;
import dev.gossamer.core.policy.AuthorizationRule.ServiceAccount;
import dev.gossamer.core.policy.AuthorizationRule.Terms;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import dev.gossamer.pki.renew.CertificateStore;
import dev.gossamer.xds.client.MeshListener.PolicyUpdate;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.inpod.PodRegistry;
import dev.gossamer.ztunnel.pod.LiveConnections;
import dev.gossamer.ztunnel.state.LocalIdentityListener;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.state.Mesh;
import dev.gossamer.ztunnel.state.MeshState;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class ConfigDumpTest {
    /** JSON is YAML, so what reads our YAML reads the dump, independently of what wrote it. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> dump() throws Exception {
        var mesh = new MeshState("", LocalIdentityListener.NONE);
        mesh.onAddresses(
                List.of(
                        new MeshResource.OfService(service("s", "10.96.0.1", "10.97.0.0/16")
                                .port(80, 8080)
                                .waypoint("wp")
                                .build()),
                        new MeshResource.OfWorkload(workload("api", "10.0.0.2")
                                .serves("s", 80, 8080)
                                .policies("shop/p")
                                .waypoint("10.0.0.9")
                                .application(ApplicationTunnel.Protocol.PROXY, 15088)
                                .build()),
                        new MeshResource.OfWorkload(Mesh.pod("web", "10.0.0.1"))),
                List.of());
        var match = new Match(
                Terms.unset(),
                new Terms<>(
                        List.of(new TextPattern.Exact("td/ns/a/sa/b"), new TextPattern.Prefix("td/")),
                        List.of(new TextPattern.Presence())),
                Terms.any(List.of(new ServiceAccount("a", "b"))),
                Terms.any(List.of(new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8))),
                Terms.unset(),
                Terms.none(List.of(80)));
        var policy = new AuthorizationPolicy(
                "shop",
                "p",
                AuthorizationPolicy.Scope.WORKLOAD_SELECTOR,
                AuthorizationPolicy.Action.DENY,
                List.of(new AuthorizationRule(List.of(new Clause(List.of(match))))),
                false);
        mesh.onPolicies(List.of(new PolicyUpdate("shop/p", policy)), List.of());
        var pods = List.of(
                new PodRegistry.Status("uid-1", new LocalWorkloadKey("web", "shop", "web"), new LiveConnections()),
                new PodRegistry.Status("uid-2", new LocalWorkloadKey("api", "shop", "api"), null));
        try (var store = new CertificateStore(
                _ -> new CompletableFuture<>(), (_, _) -> () -> {}, TimeSource.SYSTEM, new Random(1))) {
            store.prefetch(new SpiffeId("cluster.local", "shop", "web"));
            var config = ZtunnelConfig.read(Settings.of(Map.of("NODE_NAME", "node-1")));
            var text = new ConfigDump(config, mesh, store, () -> pods).render();
            return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(text);
        }
    }

    @Test
    void hasTheKeysThatIstioctlReads() throws Exception {
        assertThat(dump())
                .containsOnlyKeys(
                        "workloads",
                        "services",
                        "policies",
                        "stagedServices",
                        "staticConfig",
                        "version",
                        "config",
                        "certificates",
                        "workloadState");
    }

    @Test
    void showsWorkloadsByUidWithWhatIsNotAtItsDefault() throws Exception {
        var workloads = maps(dump().get("workloads"));

        assertThat(workloads).extracting(w -> w.get("name")).containsExactly("api", "web");
        assertThat(workloads.getFirst())
                .containsEntry("workloadIps", List.of("10.0.0.2"))
                .containsEntry("waypoint", Map.of("destination", "/10.0.0.9", "hboneMtlsPort", 15008))
                .containsEntry("protocol", "HBONE")
                .containsEntry("networkMode", "Standard")
                .containsEntry("uid", "Kubernetes//Pod/shop/api")
                .containsEntry("namespace", "shop")
                .containsEntry("trustDomain", "cluster.local")
                .containsEntry("serviceAccount", "api")
                .containsEntry("workloadName", "api-deployment")
                .containsEntry("workloadType", "pod")
                .containsEntry("canonicalName", "api")
                .containsEntry("canonicalRevision", "v1")
                .containsEntry("node", "node-1")
                .containsEntry("applicationTunnel", Map.of("protocol", "PROXY", "port", 15088))
                .containsEntry("authorizationPolicies", List.of("shop/p"))
                .containsEntry("status", "Healthy")
                .containsEntry("clusterId", "Kubernetes")
                .containsEntry("services", List.of("shop/s.shop.svc.cluster.local"))
                .containsEntry("capacity", 1)
                .doesNotContainKeys("network", "hostname", "nativeTunnel", "locality", "networkGateway");
        assertThat(workloads.getLast()).doesNotContainKeys("waypoint", "services", "authorizationPolicies");
    }

    @Test
    void showsServicesWithTheirEndpoints() throws Exception {
        var endpoint =
                Map.of("workloadUid", "Kubernetes//Pod/shop/api", "port", Map.of("80", 8080), "status", "Healthy");

        assertThat(maps(dump().get("services")).getFirst())
                .containsEntry("name", "s")
                .containsEntry("namespace", "shop")
                .containsEntry("hostname", "s.shop.svc.cluster.local")
                .containsEntry("vips", List.of("/10.96.0.1"))
                .containsEntry("cidrVips", List.of(Map.of("network", "", "cidr", "10.97.0.0/16")))
                .containsEntry("ports", Map.of("80", 8080))
                .containsEntry("endpoints", Map.of("Kubernetes//Pod/shop/api", endpoint))
                .containsEntry(
                        "waypoint", Map.of("destination", "shop/wp.shop.svc.cluster.local", "hboneMtlsPort", 15008))
                .containsEntry("canonical", false)
                .containsEntry("visibility", "Public");
    }

    @Test
    void showsPoliciesAsTheyNest() throws Exception {
        var match = Map.of(
                "principals", List.of(Map.of("Exact", "td/ns/a/sa/b"), Map.of("Prefix", "td/")),
                "notPrincipals", List.of(Map.of("Presence", List.of())),
                "serviceAccounts", List.of(Map.of("namespace", "a", "serviceAccount", "b")),
                "sourceIps", List.of("10.0.0.0/8"),
                "notDestinationPorts", List.of(80));

        assertThat(maps(dump().get("policies")).getFirst())
                .isEqualTo(Map.of(
                        "name", "p",
                        "namespace", "shop",
                        "scope", "WorkloadSelector",
                        "action", "Deny",
                        "rules", List.of(List.of(List.of(match))),
                        "dryRun", false));
    }

    @Test
    void showsCertificatesAndPods() throws Exception {
        assertThat(maps(dump().get("certificates")).getFirst())
                .isEqualTo(Map.of(
                        "identity",
                        "spiffe://cluster.local/ns/shop/sa/web",
                        "state",
                        "Initializing",
                        "certChain",
                        List.of(),
                        "rootCerts",
                        List.of()));
        var info = Map.of("name", "web", "namespace", "shop", "serviceAccount", "web");
        assertThat(dump().get("workloadState"))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry(
                        "uid-1",
                        Map.of(
                                "state",
                                "Up",
                                "info",
                                info,
                                "connections",
                                Map.of("inbound", List.of(), "outbound", List.of())))
                .containsEntry(
                        "uid-2",
                        Map.of(
                                "state",
                                "Pending",
                                "info",
                                Map.of("name", "api", "namespace", "shop", "serviceAccount", "api")));
    }

    @Test
    void escapesWhatJsonDoesNotTake() {
        assertThat(JsonWriter.write(Map.of("k\"", "a\\\n\u0001")))
                .isEqualTo("{\n  \"k\\\"\": \"a\\\\\\n\\u0001\"\n}\n");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object list) {
        return (List<Map<String, Object>>) list;
    }
}
