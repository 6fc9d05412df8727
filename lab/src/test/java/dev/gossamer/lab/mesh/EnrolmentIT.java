package dev.gossamer.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Joining and leaving, under the demo's load. */
final class EnrolmentIT {
    private MeshLab lab;
    private List<Pod> pods;
    private final Map<String, MeshLab.Calls> callsBefore = new HashMap<>();
    private final Map<String, String> processesBefore = new HashMap<>();

    @BeforeEach
    void rememberHowItWas() throws Exception {
        lab = MeshLab.shared();
        lab.leave();
        pods = lab.demoPods();
        for (var pod : pods) {
            callsBefore.put(pod.getMetadata().getName(), lab.calls(pod));
            processesBefore.put(pod.getMetadata().getName(), lab.processOf(pod));
        }
    }

    @AfterEach
    void leave() throws Exception {
        lab.leave();
    }

    @Test
    void joinsRunningPodsWithoutAFailedRequestACutConnectionOrARestart() throws Exception {
        lab.enrol();
        awaitMoreCalls(200);

        assertNothingFailed();
        var frontend = lab.frontend();
        var api = lab.stable();
        assertThat(lab.log(lab.ztunnelOf(frontend)))
                .contains("src.identity=\"spiffe://cluster.local/ns/production/sa/frontend\"")
                .contains("dst.identity=\"spiffe://cluster.local/ns/production/sa/api-stable\"");
        assertThat(lab.log(lab.ztunnelOf(api)))
                .contains("direction=\"inbound\"")
                .contains("src.identity=\"spiffe://cluster.local/ns/production/sa/frontend\"");
        assertThat(lab.get(lab.ztunnelOf(frontend), 15020, "/metrics"))
                .contains("istio_tcp_connections_opened_total")
                .contains("connection_security_policy=\"mutual_tls\"")
                .contains("source_principal=\"spiffe://cluster.local/ns/production/sa/frontend\"");
    }

    @Test
    void leavesWithoutAFailedRequestAndWithoutALeftOver() throws Exception {
        var rulesBefore = rules();
        lab.enrol();
        awaitMoreCalls(50);

        lab.leave();
        awaitMoreCalls(50);

        assertNothingFailed();
        MeshLab.await("the pods' rules are as before", () -> rules().equals(rulesBefore));
    }

    @Test
    void leavesOutAPodThatSaysNone() throws Exception {
        var frontend = lab.frontend();
        var pod = lab.client()
                .pods()
                .inNamespace(MeshLab.PRODUCTION)
                .withName(frontend.getMetadata().getName());
        pod.edit(p -> {
            p.getMetadata().getLabels().put("istio.io/dataplane-mode", "none");
            return p;
        });
        try {
            lab.label(MeshLab.PRODUCTION, "ambient");
            MeshLab.await("the API is captured", () -> "enabled".equals(lab.redirection(lab.stable())));
            awaitMoreCalls(50);

            assertThat(lab.redirection(frontend)).isNull();
            assertNothingFailed();
        } finally {
            pod.edit(p -> {
                p.getMetadata().getLabels().remove("istio.io/dataplane-mode");
                return p;
            });
        }
    }

    @Test
    void namesProtocolAndIdentityInTheCommands() throws Exception {
        lab.enrol();
        var api = lab.stable().getMetadata().getName();

        var workloads = lab.gossamer("ztunnel-config", "workloads");
        var check = lab.gossamer("authn", "tls-check", api + ".production");

        assertThat(workloads.output()).contains("NAMESPACE", "POD NAME", "ADDRESS", "NODE", "WAYPOINT", "PROTOCOL");
        assertThat(workloads.output().lines().filter(line -> line.contains(api)))
                .singleElement()
                .asString()
                .contains("HBONE");
        assertThat(check.exitCode()).isZero();
        assertThat(check.output()).contains("HBONE", "spiffe://cluster.local/ns/production/sa/api-stable");
    }

    private void assertNothingFailed() throws Exception {
        for (var pod : pods) {
            var name = pod.getMetadata().getName();
            var now = lab.calls(pod);
            assertThat(now.failed())
                    .as("failed calls of " + name)
                    .isEqualTo(callsBefore.get(name).failed());
            assertThat(now.reconnects())
                    .as("connections of " + name + " that were cut")
                    .isEqualTo(callsBefore.get(name).reconnects());
            assertThat(lab.processOf(pod)).as("process of " + name).isEqualTo(processesBefore.get(name));
        }
    }

    private void awaitMoreCalls(int more) throws Exception {
        var frontend = lab.frontend();
        long goal = lab.calls(frontend).total() + more;
        MeshLab.await(more + " more calls", () -> lab.calls(frontend).total() >= goal);
    }

    private Map<String, String> rules() throws Exception {
        var all = new HashMap<String, String>();
        for (var pod : pods) {
            all.put(
                    pod.getMetadata().getName(),
                    lab.exec(pod, "nft", "list", "ruleset").output()
                            + lab.exec(pod, "ip", "rule").output()
                            + lab.exec(pod, "ip", "route", "show", "table", "all")
                                    .output());
        }
        return all;
    }
}
