package dev.gossamer.lab.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.lab.containers.ContainerReport;
import dev.gossamer.lab.containers.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PodStatusTextTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final ContainerReport RUNNING =
            new ContainerReport(new ContainerState.Running(NOW), null, 0, true, true, "gossamer://u1/c/7");
    private static final ContainerState.Terminated FAILED =
            new ContainerState.Terminated(3, "Error", "", NOW.minusSeconds(5), NOW);

    private static Pod pod(String spec) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-1, namespace: shop, uid: u1}
                spec: %s
                """.formatted(spec), Pod.class);
    }

    private static PodStatus status(
            boolean initialized, PodPhase.@Nullable Outcome over, PodStatus before, ContainerReport... main) {
        var named = Arrays.stream(main)
                .map(report -> new PodPhase.Named("c", "app", false, report))
                .toList();
        var phase = new PodPhase(
                pod("{containers: [{name: c, image: app}]}"),
                "10.20.1.2",
                "172.18.0.11",
                List.of(),
                named,
                initialized,
                over);
        return PodStatusText.of(phase, before, NOW);
    }

    private static String condition(PodStatus status, String type) {
        return status.getConditions().stream()
                .filter(each -> each.getType().equals(type))
                .map(each -> each.getStatus() + (each.getReason() == null ? "" : " " + each.getReason()))
                .findFirst()
                .orElse("absent");
    }

    @Test
    void aPodWhoseContainersAreReadyIsReady() {
        var status = status(true, null, null, RUNNING);
        assertThat(status.getPhase()).isEqualTo("Running");
        assertThat(condition(status, "Ready")).isEqualTo("True");
        assertThat(condition(status, "ContainersReady")).isEqualTo("True");
        assertThat(status.getPodIP()).isEqualTo("10.20.1.2");
        assertThat(status.getHostIP()).isEqualTo("172.18.0.11");
        assertThat(status.getContainerStatuses().getFirst().getReady()).isTrue();
    }

    @Test
    void aContainerThatWaitsMakesThePodPending() {
        var status = status(true, null, null, ContainerReport.waiting("ContainerCreating"));
        assertThat(status.getPhase()).isEqualTo("Pending");
        assertThat(condition(status, "Ready")).isEqualTo("False ContainersNotReady");
    }

    @Test
    void aContainerThatCrashesKeepsThePodRunningAndShowsWhy() {
        var waiting = new ContainerState.Waiting("CrashLoopBackOff", "back-off 1s");
        var status =
                status(true, null, null, new ContainerReport(waiting, FAILED, 2, false, false, "gossamer://u1/c/7"));
        assertThat(status.getPhase()).isEqualTo("Running");
        var container = status.getContainerStatuses().getFirst();
        assertThat(container.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
        assertThat(container.getLastState().getTerminated().getExitCode()).isEqualTo(3);
        assertThat(container.getRestartCount()).isEqualTo(2);
    }

    @Test
    void aPodIsPendingUntilItIsInitialized() {
        assertThat(status(false, null, null, ContainerReport.waiting("PodInitializing"))
                        .getPhase())
                .isEqualTo("Pending");
        assertThat(condition(status(false, null, null, ContainerReport.waiting("PodInitializing")), "Initialized"))
                .isEqualTo("False ContainersNotInitialized");
    }

    @Test
    void aPodThatIsOverSaysHowItCameOut() {
        var done = new ContainerState.Terminated(0, "Completed", "", NOW.minusSeconds(5), NOW);
        var succeeded =
                status(true, PodPhase.Outcome.SUCCEEDED, null, new ContainerReport(done, done, 0, false, false, "x"));
        assertThat(succeeded.getPhase()).isEqualTo("Succeeded");
        assertThat(condition(succeeded, "Ready")).isEqualTo("False PodCompleted");
        assertThat(succeeded.getContainerStatuses().getFirst().getReady()).isFalse();
        var failed =
                status(true, PodPhase.Outcome.FAILED, null, new ContainerReport(FAILED, FAILED, 0, false, false, "x"));
        assertThat(failed.getPhase()).isEqualTo("Failed");
    }

    @Test
    void aConditionKeepsItsTimeUntilItChanges() {
        var before = status(true, null, null, RUNNING);
        before.getConditions().forEach(each -> each.setLastTransitionTime("2020-01-01T00:00:00Z"));
        var same = status(true, null, before, RUNNING);
        assertThat(same.getConditions())
                .allMatch(each -> each.getLastTransitionTime().startsWith("2020"));
        var other = status(true, null, before, ContainerReport.waiting("ContainerCreating"));
        assertThat(other.getConditions().stream()
                        .filter(each -> each.getType().equals("Ready"))
                        .findFirst()
                        .orElseThrow()
                        .getLastTransitionTime())
                .isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void conditionsOfOthersStay() {
        var pod = pod("{containers: [{name: c, image: app}], readinessGates: [{conditionType: example.com/gate}]}");
        pod.setStatus(Serialization.unmarshal(
                "---\nconditions: [{type: example.com/gate, status: 'False'}]", PodStatus.class));
        var phase = new PodPhase(
                pod,
                "10.20.1.2",
                "172.18.0.11",
                List.of(),
                List.of(new PodPhase.Named("c", "app", false, RUNNING)),
                true,
                null);
        var status = PodStatusText.of(phase, null, NOW);
        assertThat(condition(status, "example.com/gate")).isEqualTo("False");
        assertThat(condition(status, "ContainersReady")).isEqualTo("True");
        assertThat(condition(status, "Ready")).isEqualTo("False ReadinessGatesNotReady");
    }
}
