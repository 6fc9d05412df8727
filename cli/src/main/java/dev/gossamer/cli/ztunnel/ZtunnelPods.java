package dev.gossamer.cli.ztunnel;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import dev.gossamer.core.lifecycle.TaskGroup;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The node proxies of a cluster, and requests to their admin pages, by way of the API server. */
public final class ZtunnelPods {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

    private ZtunnelPods() {}

    /** A request to each pod's admin page. {@code method} is GET or POST. */
    public record Ask(String method, String path, int port) {
        /** What the proxy knows. */
        public static Ask configDump(int port) {
            return new Ask("GET", "/config_dump", port);
        }
    }

    /** What came back: bodies by pod, and for the others why there is none. */
    public record Answers(Map<String, String> bodies, Map<String, String> failures) {}

    /** Those that run, by name. */
    public static List<Pod> all(KubernetesClient client) {
        return client.pods().inAnyNamespace().withLabel("app", "ztunnel").list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getStatus() != null
                        && "Running".equals(pod.getStatus().getPhase()))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    /** Those of a node; of all nodes if it is null. */
    public static List<Pod> onNode(KubernetesClient client, @Nullable String node) throws CommandException {
        var pods = all(client).stream()
                .filter(pod -> node == null || node.equals(pod.getSpec().getNodeName()))
                .toList();
        if (pods.isEmpty()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    node == null
                            ? "no ztunnel runs in this cluster: install the mesh with 'gossamer install'"
                            : "no ztunnel runs on node " + node + "; nodes that have one: " + nodes(client));
        }
        return pods;
    }

    private static String nodes(KubernetesClient client) {
        var names = all(client).stream()
                .map(pod -> pod.getSpec().getNodeName())
                .distinct()
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    /** Asks all of them at the same time. */
    public static Answers ask(KubernetesClient client, List<Pod> pods, Ask ask) throws InterruptedException {
        var bodies = new ConcurrentHashMap<String, String>();
        var failures = new ConcurrentHashMap<String, String>();
        try (var tasks = new TaskGroup("ztunnel-admin")) {
            for (var pod : pods) {
                tasks.start(() -> {
                    var name = pod.getMetadata().getName();
                    try {
                        bodies.put(name, askOne(client, pod, ask));
                    } catch (IOException | KubernetesClientException e) {
                        failures.put(name, String.valueOf(e.getMessage()));
                    }
                });
            }
            tasks.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        var ordered = new LinkedHashMap<String, String>();
        for (var pod : pods) {
            var body = bodies.get(pod.getMetadata().getName());
            if (body != null) {
                ordered.put(pod.getMetadata().getName(), body);
            }
        }
        return new Answers(ordered, failures);
    }

    private static String askOne(KubernetesClient client, Pod pod, Ask ask) throws IOException, InterruptedException {
        var metadata = pod.getMetadata();
        try (var forward = client.pods()
                        .inNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .portForward(ask.port(), InetAddress.getLoopbackAddress(), 0);
                var http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            var uri = URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                    + forward.getLocalPort() + ask.path());
            var request = HttpRequest.newBuilder(uri)
                    .timeout(ANSWER_LIMIT)
                    .method(ask.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("its admin page answered " + response.statusCode() + ": "
                        + response.body().strip());
            }
            return response.body();
        }
    }
}
