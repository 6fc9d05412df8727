package dev.gossamer.lab.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire between two nodes. */
final class WireIT {
    /** In every answer of the demo, so plain text between nodes cannot hide. */
    private static final String MARKER = "api-stable v1";

    private MeshLab lab;

    @BeforeEach
    void start() throws Exception {
        lab = MeshLab.shared();
        lab.leave();
    }

    @AfterEach
    void leave() throws Exception {
        lab.leave();
    }

    @Test
    void carriesNothingInPlainTextBetweenNodesOnceEnrolled() throws Exception {
        assertThat(capture("tcp"))
                .as("before: plain text is seen, so the capture sees what there is")
                .contains(MARKER);

        lab.enrol();
        // Connections of before stay as they were until they end: end them, so that all begin anew.
        restartTheKeptConnections();

        assertThat(capture("tcp and not port 15012 and not port 6443")).doesNotContain(MARKER);
        assertThat(capture("tcp port 15008")).as("something goes to 15008").isNotEmpty();
    }

    @Test
    void speaksTls13ToPort15008() throws Exception {
        lab.enrol();
        var stable = lab.stable();

        var said = lab.exec(
                lab.pod(MeshLab.SYSTEM, "app", "istiod"),
                "bash",
                "-c",
                "openssl s_client -connect " + stable.getStatus().getPodIP()
                        + ":15008 -alpn h2 </dev/null 2>&1 | head -60");

        assertThat(said.output()).contains("TLSv1.3");
    }

    /** Two seconds of a node's link, as text. */
    private String capture(String filter) throws IOException, InterruptedException {
        var node = lab.stable().getSpec().getNodeName();
        var onNode = lab.client().pods().inNamespace(MeshLab.SYSTEM).list().getItems().stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName())
                        && Boolean.TRUE.equals(pod.getSpec().getHostNetwork()))
                .findFirst()
                .orElseThrow();
        var said = lab.exec(
                onNode,
                "bash",
                "-c",
                "timeout 3 tcpdump -i eth0 -s 0 -U -w - '" + filter + "' 2>/dev/null | strings -n 8 | head -c 200000");
        return new String(said.output().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private void restartTheKeptConnections() throws Exception {
        var before = lab.stable().getMetadata().getName();
        lab.client().pods().inNamespace(MeshLab.PRODUCTION).withName(before).delete();
        MeshLab.await(
                "a pod in its place runs",
                () ->
                        lab
                                .client()
                                .pods()
                                .inNamespace(MeshLab.PRODUCTION)
                                .withLabel("version", "v1")
                                .list()
                                .getItems()
                                .stream()
                                .anyMatch(pod -> !pod.getMetadata().getName().equals(before)
                                        && "Running".equals(pod.getStatus().getPhase())));
        lab.enrol();
    }
}
