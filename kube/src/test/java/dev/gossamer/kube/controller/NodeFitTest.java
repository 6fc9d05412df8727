package dev.gossamer.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeFitTest {
    private static final Node PLAIN = new NodeBuilder()
            .withNewMetadata()
            .withName("node-1")
            .addToLabels("disk", "ssd")
            .addToLabels("cores", "8")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    private static final Node TAINTED = PLAIN.edit()
            .editSpec()
            .addNewTaint()
            .withKey("dedicated")
            .withValue("gpu")
            .withEffect("NoSchedule")
            .endTaint()
            .endSpec()
            .build();
    private static final Node CORDONED =
            PLAIN.edit().editSpec().withUnschedulable(true).endSpec().build();

    @Test
    void takesAPodThatAsksForNothing() {
        assertThat(obstacle(new PodSpec(), PLAIN)).isNull();
    }

    @Test
    void refusesAPodWhoseSelectorNamesAnotherLabel() {
        var pod = new PodSpecBuilder().addToNodeSelector("disk", "hdd").build();
        assertThat(obstacle(pod, PLAIN)).isEqualTo("node(s) didn't match Pod's node affinity/selector");
    }

    @Test
    void followsRequiredAffinity() {
        assertThat(obstacle(affinity("disk", "In", "ssd"), PLAIN)).isNull();
        assertThat(obstacle(affinity("disk", "NotIn", "ssd"), PLAIN)).isNotNull();
        assertThat(obstacle(affinity("gpu", "Exists"), PLAIN)).isNotNull();
        assertThat(obstacle(affinity("gpu", "DoesNotExist"), PLAIN)).isNull();
        assertThat(obstacle(affinity("cores", "Gt", "4"), PLAIN)).isNull();
        assertThat(obstacle(affinity("cores", "Lt", "4"), PLAIN)).isNotNull();
    }

    @Test
    void refusesAPodThatDoesNotTolerateATaint() {
        assertThat(obstacle(new PodSpec(), TAINTED)).isEqualTo("node(s) had untolerated taint {dedicated: gpu}");
    }

    @Test
    void takesAPodThatToleratesTheTaint() {
        var exact = new PodSpecBuilder()
                .addNewToleration()
                .withKey("dedicated")
                .withValue("gpu")
                .endToleration()
                .build();
        var everything = new PodSpecBuilder()
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .build();
        var otherValue = new PodSpecBuilder()
                .addNewToleration()
                .withKey("dedicated")
                .withValue("batch")
                .endToleration()
                .build();
        assertThat(obstacle(exact, TAINTED)).isNull();
        assertThat(obstacle(everything, TAINTED)).isNull();
        assertThat(obstacle(otherValue, TAINTED)).isNotNull();
    }

    @Test
    void keepsPodsOffACordonedNodeButNotDaemons() {
        assertThat(obstacle(new PodSpec(), CORDONED)).isEqualTo("node(s) were unschedulable");
        assertThat(NodeFit.obstacle(new PodSpec(), CORDONED, NodeFit.OF_DAEMONS))
                .isNull();
    }

    private static String obstacle(PodSpec pod, Node node) {
        return NodeFit.obstacle(pod, node, List.of());
    }

    private static PodSpec affinity(String key, String operator, String... values) {
        return new PodSpecBuilder()
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey(key)
                .withOperator(operator)
                .withValues(values)
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .build();
    }
}
