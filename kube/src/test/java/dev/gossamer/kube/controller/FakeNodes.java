package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Change;
import dev.gossamer.kube.watch.ClusterUnreachableException;
import dev.gossamer.kube.watch.ClusterWatch;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Nodes that run nothing, but say that they do: pods become ready, and end when they are deleted. A pod's annotation
 * {@code test/behaviour} may ask for something else: {@code succeed}, {@code fail} or {@code stuck}.
 */
final class FakeNodes implements AutoCloseable {
    static final String BEHAVIOUR = "test/behaviour";

    private final KubernetesClient client;
    private final AtomicInteger addresses = new AtomicInteger();
    private final ClusterWatch watch;

    private FakeNodes(KubernetesClient client) throws ClusterUnreachableException {
        this.client = client;
        this.watch = ClusterWatch.start(client, List.of(Source.all(Kinds.PODS)), this::onChange);
    }

    static FakeNodes start(KubernetesClient client, String... names) throws ClusterUnreachableException {
        for (var name : names) {
            addNode(client, name);
        }
        return new FakeNodes(client);
    }

    static void addNode(KubernetesClient client, String name) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("kubernetes.io/hostname", name)
                        .addToLabels("kubernetes.io/os", "linux")
                        .endMetadata()
                        .build())
                .create();
        client.nodes()
                .withName(name)
                .editStatus(node -> node.edit()
                        .editOrNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private void onChange(Change change) {
        if (change instanceof Change.Upsert(var _, var _, Pod pod) && Pods.nodeName(pod) != null) {
            try {
                tend(pod);
            } catch (KubernetesClientException e) {
                // Someone changed or removed it meanwhile: the next change says so.
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                    throw e;
                }
            }
        }
    }

    private void tend(Pod pod) {
        if (Objects.isBeingDeleted(pod)) {
            client.resource(pod).withGracePeriod(0).delete();
            return;
        }
        switch (Objects.annotations(pod).getOrDefault(BEHAVIOUR, "run")) {
            case "succeed" -> finish(pod, "Succeeded");
            case "fail" -> finish(pod, "Failed");
            case "stuck" -> {}
            default -> run(pod);
        }
    }

    private void run(Pod pod) {
        if (Pods.isReady(pod)) {
            return;
        }
        var ip = "10.20.0." + addresses.incrementAndGet();
        client.resource(pod.edit()
                        .editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .addNewPodIP(ip)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private void finish(Pod pod, String phase) {
        if (!Pods.isFinished(pod)) {
            client.resource(pod.edit()
                            .editOrNewStatus()
                            .withPhase(phase)
                            .endStatus()
                            .build())
                    .updateStatus();
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
