package dev.gossamer.ztunnel.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.policy.TextPattern;
import dev.gossamer.core.workload.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalMeshFileTest {
    @TempDir
    private Path directory;

    @Test
    void readsTheFormatOfTheReference() throws Exception {
        var file = read("""
                workloads:
                - uid: Kubernetes//Pod/bench/server
                  name: server
                  namespace: bench
                  serviceAccount: server
                  trustDomain: cluster.local
                  workloadIps: ["10.0.0.2"]
                  protocol: HBONE
                  node: n1
                  network: ""
                  authorizationPolicies: [bench/p]
                  services: {"bench/s.bench.svc": {80: 8080}}
                services:
                - name: s
                  namespace: bench
                  hostname: s.bench.svc
                  vips: [/10.96.0.1]
                  ports: {80: 8080}
                policies:
                - name: p
                  namespace: bench
                  scope: WorkloadSelector
                  action: Allow
                  dryRun: false
                  rules: [[[{principals: [{Exact: a}, {Suffix: b}], destinationPorts: [80], sourceIps: [10.0.0.0/8]}]]]
                """);
        var state = new MeshState("", LocalIdentityListener.NONE);
        state.onAddresses(file.resources(), List.of());
        state.onPolicies(file.policies(), List.of());

        var workload = state.view().workloadAt(Mesh.at("10.0.0.2"));
        assertThat(workload.tunnel().protocol()).isEqualTo(Workload.Protocol.HBONE);
        assertThat(workload.identity()).hasToString("spiffe://cluster.local/ns/bench/sa/server");
        var service = state.view().serviceAt(Mesh.at("10.96.0.1"), "bench");
        assertThat(state.view().endpoints(service.name())).containsExactly(workload);
        var policy = state.view()
                .policiesOf(workload, name -> assertThat(name).isNull())
                .getFirst();
        assertThat(policy.action()).isEqualTo(AuthorizationPolicy.Action.ALLOW);
        var match = policy.rules().getFirst().clauses().getFirst().matches().getFirst();
        assertThat(match.principals().any()).containsExactly(new TextPattern.Exact("a"), new TextPattern.Suffix("b"));
        assertThat(match.destinationPorts().any()).containsExactly(80);
        assertThat(match.sourceIps().any().getFirst().contains(InetAddress.ofLiteral("10.9.9.9")))
                .isTrue();
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> read("workloads: 5"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mesh.yaml")
                .hasMessageContaining("workloads must be a list");
        assertThatThrownBy(() -> read("workloads: [{name: x}]")).hasMessageContaining("has no uid");
        assertThatThrownBy(() -> read("policies: [{name: p, namespace: n, scope: All, action: Deny}]"))
                .hasMessageContaining("scope of a policy must be");
        assertThatThrownBy(() -> read("workloads: [")).isInstanceOf(IOException.class);
    }

    private LocalMeshFile read(String text) throws IOException {
        return LocalMeshFile.read(Files.writeString(directory.resolve("mesh.yaml"), text));
    }
}
