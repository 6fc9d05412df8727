package dev.gossamer.lab.pods;

import dev.gossamer.lab.topology.AddressPlan;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Node object: made once, then kept fresh. Confined to the runner's task for it. */
final class NodeHeartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(NodeHeartbeat.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int CONFLICT = 409;

    private final Node node;
    private final Instant started;

    NodeHeartbeat(Node node) {
        this.node = node;
        this.started = node.time().now();
    }

    void register() {
        var name = node.name();
        var object = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of(
                        "kubernetes.io/hostname",
                        name,
                        "kubernetes.io/os",
                        "linux",
                        "kubernetes.io/arch",
                        Machine.architecture(),
                        "topology.kubernetes.io/region",
                        "lab",
                        "topology.kubernetes.io/zone",
                        "zone-" + node.network().number()))
                .endMetadata()
                .withNewSpec()
                .withPodCIDR(AddressPlan.podRange(node.network().number()))
                .withPodCIDRs(AddressPlan.podRange(node.network().number()))
                .withProviderID("gossamer://lab/" + name)
                .endSpec()
                .build();
        try {
            node.client().nodes().resource(object).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            // Kept from an earlier life of this lab (--data).
        }
        writeStatus();
    }

    void run() throws InterruptedException {
        while (true) {
            Thread.sleep(PERIOD);
            try {
                writeStatus();
            } catch (KubernetesClientException e) {
                LOG.warn("the heartbeat of {} was not written: {}", node.name(), e.getMessage());
            }
        }
    }

    private void writeStatus() {
        var status = new NodeBuilder()
                .withNewStatus()
                .withAddresses(
                        new NodeAddress(node.network().address(), "InternalIP"),
                        new NodeAddress(node.name(), "Hostname"))
                .withCapacity(node.capacity())
                .withAllocatable(node.capacity())
                .withConditions(conditions())
                .withNewNodeInfo()
                .withArchitecture(Machine.architecture())
                .withOperatingSystem("linux")
                .withOsImage("Gossamer lab")
                .withKernelVersion(Machine.kernel())
                .withKubeletVersion("v1.32.0")
                .withContainerRuntimeVersion("gossamer://0.1.0")
                .withMachineID(node.name())
                .withSystemUUID(node.name())
                .withBootID(node.name() + "-" + started.getEpochSecond())
                .withKubeProxyVersion("")
                .endNodeInfo()
                .endStatus()
                .build()
                .getStatus();
        node.client()
                .nodes()
                .withName(node.name())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("status", status)));
    }

    private List<NodeCondition> conditions() {
        return List.of(
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID"),
                condition("Ready", "True", "KubeletReady"));
    }

    private NodeCondition condition(String type, String status, String reason) {
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(reason)
                .withLastHeartbeatTime(time(node.time().now()))
                .withLastTransitionTime(time(started))
                .build();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
