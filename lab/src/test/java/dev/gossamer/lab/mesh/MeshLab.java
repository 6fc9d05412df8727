package dev.gossamer.lab.mesh;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One lab, started with the command that a user types, for every test of the run. Thread-safe. */
final class MeshLab implements AutoCloseable {
    static final String PRODUCTION = "production";
    static final String SYSTEM = "istio-system";
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String NAME = "it-" + ProcessHandle.current().pid();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static @Nullable MeshLab shared;

    private final Path state;
    private final KubernetesClient client;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private MeshLab(Path state, KubernetesClient client) {
        this.state = state;
        this.client = client;
    }

    /** The lab of this run; the first call starts it, the end of the JVM takes it down. */
    static synchronized MeshLab shared() throws Exception {
        if (shared == null) {
            var state = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "lab-state");
            var started = gossamer(state, "lab", "up", "--name", NAME);
            if (started.exitCode() != 0) {
                throw new AssertionError("lab up failed:\n" + started.output());
            }
            var kubeconfig = state.resolve("gossamer/labs/" + NAME + "/kubeconfig");
            var config = Config.fromKubeconfig(Files.readString(kubeconfig));
            shared = new MeshLab(
                    state, new KubernetesClientBuilder().withConfig(config).build());
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    KubernetesClient client() {
        return client;
    }

    record Said(int exitCode, String output) {}

    /** Runs {@code ./gossamer} with these words against this lab. */
    Said gossamer(String... words) throws IOException, InterruptedException {
        return gossamer(state, words);
    }

    private static Said gossamer(Path state, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(HOME.resolve("gossamer").toString());
        command.addAll(List.of(words));
        var output = Files.createTempFile("gossamer", ".out");
        // To a file: what stays in the background must not keep a pipe open.
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().put("XDG_STATE_HOME", state.toString());
        builder.environment().remove("KUBECONFIG");
        var process = builder.start();
        if (!process.waitFor(240, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not end:\n" + Files.readString(output));
        }
        var said = Files.readString(output);
        Files.delete(output);
        return new Said(process.exitValue(), said);
    }

    // ---- pods

    /** The one running pod of an app. */
    Pod pod(String namespace, String label, String value) {
        var pods = client.pods().inNamespace(namespace).withLabel(label, value).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && "Running".equals(pod.getStatus().getPhase()))
                .toList();
        if (pods.isEmpty()) {
            throw new AssertionError("no running pod with " + label + "=" + value + " in " + namespace);
        }
        return pods.getFirst();
    }

    Pod stable() {
        return pod(PRODUCTION, "version", "v1");
    }

    Pod canary() {
        return pod(PRODUCTION, "version", "v2");
    }

    Pod frontend() {
        return pod(PRODUCTION, "app", "frontend");
    }

    List<Pod> demoPods() {
        return List.of(frontend(), stable(), canary());
    }

    Pod ztunnelOf(Pod workload) {
        var node = workload.getSpec().getNodeName();
        return client.pods().inNamespace(SYSTEM).withLabel("app", "ztunnel").list().getItems().stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName())
                        && pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no ztunnel on " + node));
    }

    /** Runs a program in the pod's namespaces. */
    Said exec(Pod pod, String... command) throws InterruptedException, IOException {
        var out = new ByteArrayOutputStream();
        try (ExecWatch watch = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .writingOutput(out)
                .writingError(out)
                .exec(command)) {
            int code = watch.exitCode().get(60, TimeUnit.SECONDS);
            return new Said(code, out.toString(StandardCharsets.UTF_8));
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "exec " + String.join(" ", command) + " in "
                            + pod.getMetadata().getName() + ": " + e + "\n" + out.toString(StandardCharsets.UTF_8),
                    e);
        }
    }

    String log(Pod pod) {
        return client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .getLog();
    }

    /** Fetches a page from a port of the pod, loopback included. */
    String get(Pod pod, int port, String path) throws IOException, InterruptedException {
        try (LocalPortForward forward = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .portForward(port)) {
            var uri = URI.create("http://127.0.0.1:" + forward.getLocalPort() + path);
            var request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        }
    }

    /** The identity of the process behind a pod's container: it changes if, and only if, the container restarts. */
    String processOf(Pod pod) {
        return client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .get()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getContainerID();
    }

    // ---- the demo's own counts

    record Calls(long total, long failed, long reconnects) {}

    Calls calls(Pod pod) throws IOException, InterruptedException {
        JsonNode stats = JSON.readTree(get(pod, 8080, "/stats"));
        return new Calls(
                stats.get("total").asLong(),
                stats.get("failed").asLong(),
                stats.get("reconnects").asLong());
    }

    JsonNode configDump(Pod ztunnel) throws IOException, InterruptedException {
        return JSON.readTree(get(ztunnel, 15000, "/config_dump"));
    }

    // ---- joining and leaving

    void label(String namespace, @Nullable String mode) {
        client.namespaces().withName(namespace).edit(ns -> {
            var labels = ns.getMetadata().getLabels();
            if (mode == null) {
                labels.remove("istio.io/dataplane-mode");
            } else {
                labels.put("istio.io/dataplane-mode", mode);
            }
            return ns;
        });
    }

    /** Labels the demo's namespace and waits until every pod of it is captured and known as such everywhere. */
    void enrol() throws Exception {
        label(PRODUCTION, "ambient");
        for (var pod : demoPods()) {
            await(pod.getMetadata().getName() + " is captured", () -> "enabled".equals(redirection(pod)));
        }
        for (var pod : demoPods()) {
            for (var other : demoPods()) {
                await(
                        "the ztunnel of " + pod.getMetadata().getName() + " knows "
                                + other.getMetadata().getName(),
                        () -> "HBONE"
                                .equals(workload(configDump(ztunnelOf(pod)), other)
                                        .path("protocol")
                                        .asString()));
            }
        }
    }

    void leave() throws Exception {
        label(PRODUCTION, null);
        for (var pod : demoPods()) {
            await(pod.getMetadata().getName() + " is released", () -> redirection(pod) == null);
        }
    }

    @Nullable
    String redirection(Pod pod) {
        var annotations = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .get()
                .getMetadata()
                .getAnnotations();
        return annotations == null ? null : annotations.get("ambient.istio.io/redirection");
    }

    static JsonNode workload(JsonNode dump, Pod pod) {
        for (var workload : dump.get("workloads")) {
            if (workload.path("name").asString().equals(pod.getMetadata().getName())) {
                return workload;
            }
        }
        return JSON.missingNode();
    }

    /** Waits until something real has happened; the limit is for what never does. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("did not come about: " + what, last);
    }

    @Override
    public void close() {
        client.close();
        try {
            var said = gossamer("lab", "down", "--name", NAME);
            if (said.exitCode() != 0) {
                System.err.println("lab down failed:\n" + said.output());
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("lab down failed: " + e);
        }
    }
}
