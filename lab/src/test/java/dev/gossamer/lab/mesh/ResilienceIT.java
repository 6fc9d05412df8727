package dev.gossamer.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when a program of the mesh dies, and when certificates are short-lived. */
final class ResilienceIT {
    private MeshLab lab;

    @BeforeEach
    void enrol() throws Exception {
        lab = MeshLab.shared();
        lab.enrol();
    }

    @AfterEach
    void leave() throws Exception {
        lab.leave();
    }

    @Test
    void carriesTrafficWhileTheControlPlaneIsDown() throws Exception {
        var frontend = lab.frontend();
        var before = lab.calls(frontend);
        var istiod = lab.pod(MeshLab.SYSTEM, "app", "istiod");
        int restarts = restarts(istiod);

        kill(istiod);
        awaitMoreCalls(frontend, 100);

        assertThat(lab.calls(frontend).failed()).isEqualTo(before.failed());
        MeshLab.await("the control plane is back", () -> restarts(istiod) > restarts && ready(istiod));
        awaitMoreCalls(frontend, 50);
        assertThat(lab.calls(frontend).failed()).isEqualTo(before.failed());
    }

    @Test
    void recoversFromTheDeathOfAZtunnel() throws Exception {
        var frontend = lab.frontend();
        var ztunnel = lab.ztunnelOf(frontend);
        int restarts = restarts(ztunnel);

        kill(ztunnel);

        MeshLab.await("the ztunnel is back", () -> restarts(ztunnel) > restarts && ready(ztunnel));
        awaitMoreCalls(frontend, 50);
        long failed = lab.calls(frontend).failed();
        awaitMoreCalls(frontend, 100);
        assertThat(lab.calls(frontend).failed())
                .as("calls that failed after it was back")
                .isEqualTo(failed);
    }

    @Test
    void recoversFromTheDeathOfANodeAgent() throws Exception {
        var frontend = lab.frontend();
        var before = lab.calls(frontend);
        var agent = lab
                .client()
                .pods()
                .inNamespace(MeshLab.SYSTEM)
                .withLabel("k8s-app", "istio-cni-node")
                .list()
                .getItems()
                .stream()
                .filter(pod ->
                        frontend.getSpec().getNodeName().equals(pod.getSpec().getNodeName()))
                .findFirst()
                .orElseThrow();
        int restarts = restarts(agent);

        kill(agent);
        MeshLab.await("the agent is back", () -> restarts(agent) > restarts && ready(agent));
        awaitMoreCalls(frontend, 100);

        assertThat(lab.calls(frontend).failed()).isEqualTo(before.failed());
        assertThat(lab.redirection(frontend)).isEqualTo("enabled");
    }

    @Test
    void rotatesCertificatesOfThirtySecondsUnderLoad() throws Exception {
        setLifetime("30s");
        try {
            lab.enrol();
            var frontend = lab.frontend();
            awaitMoreCalls(frontend, 20);
            var before = lab.calls(frontend);
            Set<String> serials = new HashSet<>();

            MeshLab.await("three certificates, one after another", () -> {
                for (var certificate : lab.configDump(lab.ztunnelOf(frontend)).get("certificates")) {
                    if (certificate.path("identity").asString().endsWith("/sa/frontend")
                            && !certificate.path("certChain").isEmpty()) {
                        serials.add(certificate
                                .get("certChain")
                                .get(0)
                                .path("serialNumber")
                                .asString());
                    }
                }
                return serials.size() >= 3;
            });

            assertThat(lab.calls(frontend).failed()).isEqualTo(before.failed());
            assertThat(lab.calls(frontend).reconnects()).isEqualTo(before.reconnects());
        } finally {
            setLifetime("24h");
        }
    }

    private void setLifetime(String lifetime) throws Exception {
        var ztunnels =
                lab.client().apps().daemonSets().inNamespace(MeshLab.SYSTEM).withName("ztunnel");
        ztunnels.edit(set -> {
            var env = set.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getEnv();
            env.removeIf(variable -> variable.getName().equals("SECRET_TTL"));
            env.add(new EnvVarBuilder()
                    .withName("SECRET_TTL")
                    .withValue(lifetime)
                    .build());
            return set;
        });
        MeshLab.await("the ztunnels run with the new lifetime", () -> {
            var set = ztunnels.get();
            var status = set.getStatus();
            return set.getMetadata().getGeneration().equals(status.getObservedGeneration())
                    && status.getDesiredNumberScheduled().equals(status.getUpdatedNumberScheduled())
                    && status.getDesiredNumberScheduled().equals(status.getNumberAvailable());
        });
        // A ztunnel that was replaced ends what it still carries when its drain is over: that is not what is tested
        // here.
        MeshLab.await(
                "the ztunnels of before are gone",
                () -> lab.client()
                                .pods()
                                .inNamespace(MeshLab.SYSTEM)
                                .withLabel("app", "ztunnel")
                                .list()
                                .getItems()
                                .size()
                        == ztunnels.get().getStatus().getDesiredNumberScheduled());
    }

    /** SIGKILL, to the pod's first process. */
    private void kill(Pod pod) throws Exception {
        var id = lab.processOf(pod);
        lab.exec(pod, "bash", "-c", "kill -9 " + id.substring(id.lastIndexOf('/') + 1));
    }

    private Pod now(Pod pod) {
        return lab.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .get();
    }

    private int restarts(Pod pod) {
        return now(pod).getStatus().getContainerStatuses().getFirst().getRestartCount();
    }

    private boolean ready(Pod pod) {
        return now(pod).getStatus().getContainerStatuses().getFirst().getReady();
    }

    private void awaitMoreCalls(Pod pod, int more) throws Exception {
        long goal = lab.calls(pod).total() + more;
        MeshLab.await(more + " more calls", () -> lab.calls(pod).total() >= goal);
    }
}
