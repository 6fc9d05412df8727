package dev.gossamer.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A bare lab, started as an ordinary user where the tests run as root: what its pods and its network do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabIT {
    private static final int NOBODY = 65534;

    private final LabPrograms labs = LabPrograms.asUser(NOBODY);
    private KubernetesClient client;

    @BeforeAll
    void up() throws Exception {
        labs.up("it-lab", "--bare", "--images", labs.file("images.yaml", """
                tools: {command: [/bin/sh, -c]}
                """).toString());
        client = labs.client("it-lab");
    }

    /** Also when a test fails half way. */
    @AfterAll
    void down() throws Exception {
        client.close();
        labs.close();
    }

    private void apply(String manifest) {
        client.load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object -> client.resource(object).create());
    }

    private Pod awaitPod(String name, Predicate<Pod> condition) {
        return client.pods()
                .inNamespace("default")
                .withName(name)
                .waitUntilCondition(pod -> pod != null && condition.test(pod), 60, TimeUnit.SECONDS);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals("Ready")
                                && each.getStatus().equals("True"));
    }

    private static boolean waitsFor(Pod pod, String reason) {
        return waiting(pod) != null && reason.equals(waiting(pod).getReason());
    }

    private static @Nullable ContainerStateWaiting waiting(Pod pod) {
        var statuses = pod.getStatus() == null ? null : pod.getStatus().getContainerStatuses();
        return statuses == null || statuses.isEmpty()
                ? null
                : statuses.getFirst().getState().getWaiting();
    }

    private String exec(String pod, String... command) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var watch = client.pods()
                .inNamespace("default")
                .withName(pod)
                .writingOutput(out)
                .writingError(out)
                .exec(command)) {
            int code = watch.exitCode().get(60, TimeUnit.SECONDS);
            return out.toString(StandardCharsets.UTF_8) + (code == 0 ? "" : "exit code " + code);
        }
    }

    /** A pod that sleeps, for looking at things from inside. */
    private void sleeper(String name, int node, String more) {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, namespace: default, labels: {app: %1$s}}
                spec:
                  nodeName: node-%2$d
                  containers:
                  - {name: c, image: tools, args: ["sleep 600"]%3$s
                """.formatted(name, node, more));
    }

    @Test
    void aServiceIsReachedByNameFromAnotherNode() throws Exception {
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: default, labels: {app: web}}
                spec:
                  nodeName: node-1
                  containers:
                  - name: c
                    image: gossamer/demo
                    env: [{name: APP, value: web}]
                    readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
                """);
        sleeper("caller", 2, "}");
        awaitPod("web", LabIT::isReady);
        awaitPod("caller", LabIT::isReady);
        assertThat(eventually(
                        () -> exec("caller", "curl", "-sS", "-m", "5", "http://web.default.svc.cluster.local/"),
                        "web\n"::equals))
                .isEqualTo("web\n");
        assertThat(exec("caller", "curl", "-sS", "-m", "5", "http://web/")).isEqualTo("web\n");
        // Through its own service: the answer has to come back by way of the node.
        assertThat(exec("web", "curl", "-sS", "-m", "5", "http://web.default.svc/"))
                .isEqualTo("web\n");
        client.pods().inNamespace("default").withName("web").withGracePeriod(0).delete();
        assertThat(eventually(
                        () -> exec("caller", "curl", "-sS", "-m", "5", "http://web/"),
                        said -> said.contains("exit code 7")))
                .as("a service without endpoints refuses connections")
                .contains("exit code 7");
    }

    @Test
    void aPodSeesItsVolumesCredentialsAndNames() throws Exception {
        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: cfg, namespace: default}
                data: {key: value}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: volumes, namespace: default}
                spec:
                  containers:
                  - name: c
                    image: tools
                    args: ["sleep 600"]
                    env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
                    volumeMounts:
                    - {name: cfg, mountPath: /etc/gossamer-it/cfg}
                    - {name: data, mountPath: /gossamer-it-data}
                    - {name: tmp, mountPath: /tmp}
                  volumes: [{name: cfg, configMap: {name: cfg}}, {name: data, emptyDir: {}}, {name: tmp, emptyDir: {}}]
                """);
        awaitPod("volumes", LabIT::isReady);
        assertThat(exec("volumes", "cat", "/etc/gossamer-it/cfg/key")).isEqualTo("value");
        assertThat(exec("volumes", "sh", "-c", "echo x > /gossamer-it-data/f && cat /gossamer-it-data/f"))
                .isEqualTo("x\n");
        assertThat(exec("volumes", "sh", "-c", "touch /etc/gossamer-it/cfg/x")).contains("exit code");
        assertThat(exec("volumes", "cat", "/etc/resolv.conf")).contains("nameserver 10.96.0.10");
        assertThat(exec("volumes", "sh", "-c", "hostname; echo $NODE")).matches("volumes\nnode-[12]\n");
        assertThat(
                        exec(
                                "volumes",
                                "sh",
                                "-c",
                                "S=/var/run/secrets/kubernetes.io/serviceaccount; curl -sS --cacert $S/ca.crt"
                                        + " -H \"Authorization: Bearer $(cat $S/token)\" https://kubernetes.default.svc/version"))
                .contains("gitVersion");
        assertThat(Path.of("/gossamer-it-data")).doesNotExist();
        assertThat(Path.of("/etc/gossamer-it")).doesNotExist();
    }

    @Test
    void aCrashedContainerIsStartedAgainAndItsLastLogIsKept() throws Exception {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: crash, namespace: default}
                spec:
                  containers: [{name: c, image: tools, args: ["echo run $(date +%N); exit 3"]}]
                """);
        var pod = awaitPod("crash", each -> waitsFor(each, "CrashLoopBackOff"));
        var status = pod.getStatus().getContainerStatuses().getFirst();
        assertThat(status.getRestartCount()).isPositive();
        assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(3);
        var pods = client.pods().inNamespace("default").withName("crash");
        assertThat(pods.getLog()).startsWith("run ");
        assertThat(pods.terminated().getLog()).startsWith("run ").isNotEqualTo(pods.getLog());
        pods.withGracePeriod(0).delete();
    }

    @Test
    void anImageThatIsNotMappedSaysHowToMapIt() {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: unmapped, namespace: default}
                spec: {containers: [{name: c, image: "nginx:1.27"}]}
                """);
        var pod = awaitPod("unmapped", each -> waitsFor(each, "ImagePullBackOff"));
        assertThat(waiting(pod).getMessage()).contains("--images FILE").contains("nginx: {command:");
        var reasons = client.v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals("unmapped"))
                .map(Event::getReason)
                .toList();
        assertThat(reasons).contains("Failed");
    }

    @Test
    void initContainersAndSidecarsComeFirst() throws Exception {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: ordered, namespace: default}
                spec:
                  restartPolicy: Never
                  volumes: [{name: v, emptyDir: {}}]
                  initContainers:
                  - {name: first, image: tools, args: ["echo 1 >> /v/order"], volumeMounts: [{name: v, mountPath: /v}]}
                  - {name: side, image: tools, restartPolicy: Always, args: ["echo 2 >> /v/order; sleep 600"],
                     startupProbe: {exec: {command: [grep, -q, "2", /v/order]}, periodSeconds: 1},
                     volumeMounts: [{name: v, mountPath: /v}]}
                  containers:
                  - {name: main, image: tools, args: ["echo 3 >> /v/order; tr '\\\\n' ' ' < /v/order"],
                     volumeMounts: [{name: v, mountPath: /v}]}
                """);
        awaitPod("ordered", pod -> "Succeeded".equals(pod.getStatus().getPhase()));
        assertThat(client.pods()
                        .inNamespace("default")
                        .withName("ordered")
                        .inContainer("main")
                        .getLog())
                .startsWith("1 2 3");
    }

    @Test
    void aPodThatIsDeletedMayFinishItsWork() throws Exception {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: graceful, namespace: default}
                spec:
                  containers:
                  - {name: c, image: tools, args: ["trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.1; done"]}
                """);
        awaitPod("graceful", LabIT::isReady);
        var pods = client.pods().inNamespace("default").withName("graceful");
        eventually(pods::getLog, "hi\n"::equals);
        try (var watch = pods.watchLog()) {
            pods.delete();
            assertThat(new String(watch.getOutput().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hi\nbye\n");
        }
        pods.waitUntilCondition(pod -> pod == null, 30, TimeUnit.SECONDS);
    }

    @Test
    void aContainerThatFailsItsLivenessProbeIsStartedAgain() {
        sleeper("alive", 1, ", livenessProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 1}}");
        awaitPod(
                "alive",
                pod -> pod.getStatus() != null
                        && !pod.getStatus().getContainerStatuses().isEmpty()
                        && pod.getStatus().getContainerStatuses().getFirst().getRestartCount() > 0);
        client.pods()
                .inNamespace("default")
                .withName("alive")
                .withGracePeriod(0)
                .delete();
    }

    @Test
    void aPortOfAPodIsForwarded() throws Exception {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: forward, namespace: default}
                spec:
                  containers:
                  - {name: c, image: gossamer/demo, env: [{name: APP, value: fwd}],
                     readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}
                """);
        awaitPod("forward", LabIT::isReady);
        try (var forward =
                client.pods().inNamespace("default").withName("forward").portForward(8080)) {
            var url = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/");
            try (var http = HttpClient.newHttpClient()) {
                var answer = http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("fwd\n");
            }
        }
    }

    @Test
    void theNamesOfTheHeadlessAndTheOutsideAreAnswered() throws Exception {
        sleeper("resolver", 1, "}");
        awaitPod("resolver", LabIT::isReady);
        assertThat(exec("resolver", "getent", "hosts", "kubernetes.default.svc"))
                .contains("10.96.0.1");
        assertThat(exec("resolver", "getent", "hosts", "example.com")).isEqualTo("exit code 2");
    }

    private interface Question {
        String ask() throws Exception;
    }

    private static String eventually(Question question, Predicate<String> isRight) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        var said = question.ask();
        while (!isRight.test(said) && System.nanoTime() < deadline) {
            said = question.ask();
        }
        return said;
    }

    @Test
    void aSecondLabOfTheSameNameIsRefusedAndOneOfAnotherStandsBeside() throws Exception {
        assertThat(labs.run("up", "it-lab", "--bare")).contains("runs already").contains("lab down --name it-lab");
        labs.up("it-other", "--bare");
        try (var other = labs.client("it-other")) {
            assertThat(other.nodes().list().getItems()).hasSize(2);
            assertThat(other.getMasterUrl().getPort())
                    .isNotEqualTo(client.getMasterUrl().getPort());
        }
        assertThat(labs.run("down", "it-other")).isEqualTo("true");
        assertThat(client.nodes().list().getItems()).hasSize(2);
    }

    @Test
    void whatADataDirectoryKeepsOutlivesTheLab() throws Exception {
        var data = labs.directory("it-data").resolveSibling("kept").toString();
        labs.up("it-data", "--bare", "--data", data);
        try (var before = labs.client("it-data")) {
            before.configMaps()
                    .inNamespace("default")
                    .resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("kept")
                            .endMetadata()
                            .build())
                    .create();
        }
        labs.run("down", "it-data");
        labs.up("it-data", "--bare", "--data", data);
        try (var after = labs.client("it-data")) {
            assertThat(after.configMaps()
                            .inNamespace("default")
                            .withName("kept")
                            .get())
                    .isNotNull();
        }
        labs.run("down", "it-data");
    }

    @Test
    void whateverIsKilledNothingIsLeft() throws Exception {
        for (var victim : List.of("unshare", "java", "bash")) {
            labs.up("it-killed", "--bare");
            var processes = labs.processes("it-killed");
            processes.stream()
                    .filter(process -> process.info().command().orElse("").endsWith("/" + victim))
                    .findFirst()
                    .orElseThrow()
                    .destroyForcibly();
            assertThat(labs.run("down", "it-killed"))
                    .as("after kill -9 of %s", victim)
                    .isEqualTo("true");
            for (var process : processes) {
                // Already dead; this waits for whoever collects it.
                process.onExit().get(30, TimeUnit.SECONDS);
            }
            assertThat(labs.directory("it-killed")).doesNotExist();
            assertThat(labs.run("down", "it-killed")).isEqualTo("false");
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(labs.run("up", "it-port", "--bare", "--port", Integer.toString(taken.getLocalPort())))
                    .contains("port " + taken.getLocalPort())
                    .contains("--port");
        }
        assertThat(labs.directory("it-port")).doesNotExist();
    }

    @Test
    void rootCanHaveALabToo() throws Exception {
        try (var root = LabPrograms.asThisUser()) {
            root.up("it-root", "--bare");
            try (var rootClient = root.client("it-root")) {
                assertThat(rootClient.nodes().list().getItems()).hasSize(2);
            }
        }
    }
}
