package dev.gossamer.node.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnrolmentTest {
    private static final Enrolment ENROLMENT = new Enrolment("istio-system", Set.of("kube-system"));

    @ParameterizedTest(name = "namespace {0}, pod {1}: {2}")
    @CsvSource({
        "-,       -,       false",
        "ambient, -,       true",
        "none,    -,       false",
        "-,       ambient, true",
        "none,    ambient, true",
        "ambient, none,    false",
        "ambient, ambient, true",
        "ambient, other,   true",
        "other,   -,       false",
        "-,       none,    false",
    })
    void podsLabelBeatsNamespaces(String namespace, String pod, boolean included) {
        assertThat(ENROLMENT.includes(pod("shop", labels(pod), Map.of(), false, false), labels(namespace)))
                .isEqualTo(included);
    }

    private static Map<String, String> labels(String mode) {
        return mode.equals("-") ? Map.of() : Map.of(Enrolment.MODE_LABEL, mode);
    }

    @Test
    void neverIncludesPodsOnTheNodesNetwork() {
        assertNotIncluded(pod("shop", labels("ambient"), Map.of(), true, false));
    }

    @Test
    void neverIncludesPodsWithASidecar() {
        assertNotIncluded(pod("shop", labels("ambient"), Map.of("sidecar.istio.io/status", "{}"), false, false));
    }

    @Test
    void neverIncludesPodsOfExcludedNamespaces() {
        assertNotIncluded(pod("kube-system", labels("ambient"), Map.of(), false, false));
    }

    @Test
    void neverIncludesTheNodeProxyItself() {
        var labels = Map.of(Enrolment.MODE_LABEL, "ambient", "app", "ztunnel");
        assertNotIncluded(pod("istio-system", labels, Map.of(), false, false));
        assertThat(ENROLMENT.includes(pod("shop", labels, Map.of(), false, false), Map.of()))
                .isTrue();
    }

    @Test
    void neverIncludesPodsThatHaveEnded() {
        assertNotIncluded(pod("shop", labels("ambient"), Map.of(), false, true));
    }

    private static void assertNotIncluded(LocalPod pod) {
        assertThat(ENROLMENT.includes(pod, labels("ambient"))).isFalse();
    }

    private static LocalPod pod(
            String namespace,
            Map<String, String> labels,
            Map<String, String> annotations,
            boolean hostNetwork,
            boolean ended) {
        return new LocalPod(
                "uid", "pod", namespace, "default", labels, annotations, hostNetwork, ended, List.of("10.0.0.1"));
    }
}
