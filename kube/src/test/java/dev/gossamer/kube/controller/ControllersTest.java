package dev.gossamer.kube.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.kube.server.ApiServer;
import dev.gossamer.kube.server.ApiServerConfig;
import dev.gossamer.kube.watch.Connection;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All controllers together, on a real API server; only the nodes are fakes. */
class ControllersTest {
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private static ApiServer server;
    private static KubernetesClient client;
    private static FakeNodes nodes;
    private static Controllers controllers;

    private String namespace;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.onLoopback());
        client = Connection.open(new ConfigBuilder(Config.empty())
                .withMasterUrl(server.uri().toString())
                .withOauthToken(server.adminToken())
                .withCaCertData(java.util.Base64.getEncoder()
                        .encodeToString(server.caPem().getBytes()))
                .build());
        nodes = FakeNodes.start(client, "node-1", "node-2");
        controllers = Controllers.start(client, server.caPem(), TimeSource.SYSTEM);
    }

    @AfterAll
    static void stop() {
        controllers.close();
        nodes.close();
        client.close();
        server.close();
    }

    @BeforeEach
    void createNamespace() {
        namespace = "test-" + NAMESPACES.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @Test
    void givesEachNamespaceItsAccountAndRootCertificate() throws Exception {
        Eventually.holds(() -> {
            assertThat(client.serviceAccounts()
                            .inNamespace(namespace)
                            .withName("default")
                            .get())
                    .isNotNull();
            assertThat(client.configMaps()
                            .inNamespace(namespace)
                            .withName("kube-root-ca.crt")
                            .get()
                            .getData())
                    .containsEntry("ca.crt", server.caPem());
        });

        client.configMaps().inNamespace(namespace).withName("kube-root-ca.crt").delete();

        Eventually.holds(() -> assertThat(client.configMaps()
                        .inNamespace(namespace)
                        .withName("kube-root-ca.crt")
                        .get())
                .isNotNull());
    }

    @Test
    void bringsADeploymentUpAndSpreadsItOverTheNodes() throws Exception {
        apply(deployment("web", 4, "v1", ""));

        Eventually.holds(() -> {
            var status = get(Deployment.class, "web").getStatus();
            assertThat(status.getAvailableReplicas()).isEqualTo(4);
            assertThat(status.getUpdatedReplicas()).isEqualTo(4);
            assertThat(conditions(get(Deployment.class, "web")))
                    .containsEntry("Available", "True/MinimumReplicasAvailable")
                    .containsEntry("Progressing", "True/NewReplicaSetAvailable");
        });
        assertThat(pods().stream().collect(Collectors.groupingBy(Pods::nodeName, Collectors.counting())))
                .isEqualTo(Map.of("node-1", 2L, "node-2", 2L));
        assertThat(pods()).allSatisfy(pod -> assertThat(Objects.labels(pod)).containsKey("pod-template-hash"));
    }

    @Test
    void rollsADeploymentAndBackWithNumberedRevisions() throws Exception {
        apply(deployment("web", 3, "v1", ""));
        awaitImage("v1", 3);
        apply(deployment("web", 3, "v2", ""));
        awaitImage("v2", 3);
        assertThat(revisions()).containsExactlyInAnyOrder("1:v1:0", "2:v2:3");

        apply(deployment("web", 3, "v1", ""));
        awaitImage("v1", 3);

        assertThat(revisions()).containsExactlyInAnyOrder("3:v1:3", "2:v2:0");
        assertThat(Objects.annotations(get(Deployment.class, "web")))
                .containsEntry("deployment.kubernetes.io/revision", "3");
    }

    @Test
    void neverRunsTwoVersionsWhenRecreating() throws Exception {
        apply(deployment("web", 2, "v1", "Recreate"));
        awaitImage("v1", 2);
        apply(deployment("web", 2, "v2", "Recreate"));

        Eventually.holds(() -> {
            var images = images();
            assertThat(images.keySet()).hasSizeLessThanOrEqualTo(1);
            assertThat(images).isEqualTo(Map.of("v2", 2L));
        });
    }

    @Test
    void scalesUpAndDownAndReplacesALostPod() throws Exception {
        apply(deployment("web", 1, "v1", ""));
        awaitImage("v1", 1);
        client.apps().deployments().inNamespace(namespace).withName("web").scale(5);
        awaitImage("v1", 5);
        client.apps().deployments().inNamespace(namespace).withName("web").scale(2);
        awaitImage("v1", 2);

        var lost = pods().getFirst();
        client.resource(lost).delete();

        Eventually.holds(() -> {
            assertThat(pods()).hasSize(2);
            assertThat(pods())
                    .noneMatch(pod ->
                            pod.getMetadata().getUid().equals(lost.getMetadata().getUid()));
        });
    }

    @Test
    void stopsARolloutThatDoesNotBecomeReady() throws Exception {
        apply(deployment("web", 4, "v1", ""));
        awaitImage("v1", 4);
        var broken = deployment("web", 4, "v2", "");
        broken.getSpec().getTemplate().getMetadata().setAnnotations(Map.of(FakeNodes.BEHAVIOUR, "stuck"));
        apply(broken);

        // 25 % surge and 25 % unavailable of 4: two new ones, three old ones.
        Eventually.holds(() -> {
            assertThat(images()).isEqualTo(Map.of("v1", 3L, "v2", 2L));
            assertThat(get(Deployment.class, "web").getStatus().getUnavailableReplicas())
                    .isEqualTo(2);
        });

        apply(deployment("web", 4, "v1", ""));
        awaitImage("v1", 4);
    }

    @Test
    void removesThePodsOfADeletedDeployment() throws Exception {
        apply(deployment("web", 2, "v1", ""));
        awaitImage("v1", 2);
        client.apps().deployments().inNamespace(namespace).withName("web").delete();

        Eventually.holds(() -> {
            assertThat(pods()).isEmpty();
            assertThat(client.apps().replicaSets().inNamespace(namespace).list().getItems())
                    .isEmpty();
        });
    }

    @Test
    void runsOneDaemonOnEachNodeAndReplacesThemByTheSurge() throws Exception {
        apply(daemonSet("v1"));
        Eventually.holds(() -> {
            var status = client.apps()
                    .daemonSets()
                    .inNamespace(namespace)
                    .withName("agent")
                    .get()
                    .getStatus();
            assertThat(status.getDesiredNumberScheduled()).isEqualTo(2);
            assertThat(status.getCurrentNumberScheduled()).isEqualTo(2);
            assertThat(status.getNumberReady()).isEqualTo(2);
            assertThat(status.getUpdatedNumberScheduled()).isEqualTo(2);
            assertThat(status.getNumberAvailable()).isEqualTo(2);
        });
        assertThat(pods()).extracting(Pods::nodeName).containsExactlyInAnyOrder("node-1", "node-2");

        apply(daemonSet("v2"));

        awaitImage("v2", 2);
        assertThat(pods()).extracting(Pods::nodeName).containsExactlyInAnyOrder("node-1", "node-2");
    }

    @Test
    void completesAJobAfterEnoughSuccesses() throws Exception {
        apply(job("batch", "succeed", "completions: 3\n  parallelism: 2"));

        Eventually.holds(() -> {
            var status = client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName("batch")
                    .get()
                    .getStatus();
            assertThat(status.getSucceeded()).isEqualTo(3);
            assertThat(status.getConditions())
                    .anyMatch(condition -> condition.getType().equals("Complete")
                            && condition.getStatus().equals("True"));
            assertThat(status.getCompletionTime()).isNotNull();
        });
        assertThat(pods()).hasSize(3);
    }

    @Test
    void givesAJobUpThatFailsTooOften() throws Exception {
        apply(job("batch", "fail", "backoffLimit: 0"));

        Eventually.holds(() -> assertThat(client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withName("batch")
                        .get()
                        .getStatus()
                        .getConditions())
                .anyMatch(condition -> condition.getType().equals("Failed")
                        && condition.getReason().equals("BackoffLimitExceeded")));
    }

    @Test
    void startsNothingOfASuspendedJobUntilItIsResumed() throws Exception {
        apply(job("batch", "succeed", "suspend: true"));
        Eventually.holds(() -> assertThat(client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withName("batch")
                        .get()
                        .getStatus()
                        .getConditions())
                .anyMatch(condition -> condition.getType().equals("Suspended")
                        && condition.getStatus().equals("True")));
        assertThat(pods()).isEmpty();

        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName("batch")
                .edit(job -> job.edit().editSpec().withSuspend(false).endSpec().build());

        Eventually.holds(() -> assertThat(client.batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withName("batch")
                        .get()
                        .getStatus()
                        .getSucceeded())
                .isEqualTo(1));
    }

    @Test
    void removesAFinishedJobWhenItsTimeIsOver() throws Exception {
        apply(job("batch", "succeed", "ttlSecondsAfterFinished: 0"));

        Eventually.holds(() -> {
            assertThat(client.batch().v1().jobs().inNamespace(namespace).list().getItems())
                    .isEmpty();
            assertThat(pods()).isEmpty();
        });
    }

    @Test
    void startsStatefulPodsInOrderAndRemovesTheLastFirst() throws Exception {
        apply("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  serviceName: db
                  replicas: 3
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: main, image: v1}]}
                """);
        Eventually.holds(() -> assertThat(pods())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactlyInAnyOrder("db-0", "db-1", "db-2"));
        Eventually.holds(() -> assertThat(client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .withName("db")
                        .get()
                        .getStatus()
                        .getReadyReplicas())
                .isEqualTo(3));

        client.apps().statefulSets().inNamespace(namespace).withName("db").scale(1);

        Eventually.holds(() -> assertThat(pods())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("db-0"));
    }

    @Test
    void publishesTheReadyPodsOfAService() throws Exception {
        apply(deployment("web", 2, "v1", ""));
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  selector: {app: web}
                  ports: [{name: http, port: 80, targetPort: web}]
                """);

        Eventually.holds(() -> {
            var slices = client.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(namespace)
                    .withLabel("kubernetes.io/service-name", "web")
                    .list()
                    .getItems();
            assertThat(slices).hasSize(1);
            assertThat(slices.getFirst().getPorts().getFirst().getPort()).isEqualTo(8080);
            assertThat(slices.getFirst().getEndpoints())
                    .hasSize(2)
                    .allMatch(endpoint -> endpoint.getConditions().getReady());
            var legacy =
                    client.endpoints().inNamespace(namespace).withName("web").get();
            assertThat(legacy.getSubsets().getFirst().getAddresses()).hasSize(2);
        });

        client.apps().deployments().inNamespace(namespace).withName("web").scale(1);

        Eventually.holds(() -> assertThat(client.endpoints()
                        .inNamespace(namespace)
                        .withName("web")
                        .get()
                        .getSubsets()
                        .getFirst()
                        .getAddresses())
                .hasSize(1));
    }

    @Test
    void saysWhyAPodFitsNoNode() throws Exception {
        var web = deployment("web", 1, "v1", "");
        web.getSpec().getTemplate().getSpec().setNodeSelector(Map.of("gpu", "yes"));
        apply(web);

        Eventually.holds(() -> assertThat(
                        Pods.condition(pods().getFirst(), "PodScheduled").getMessage())
                .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."));
    }

    @Test
    void settlesAndThenWritesNothingMore() throws Exception {
        apply(deployment("web", 2, "v1", ""));
        awaitImage("v1", 2);
        var before = get(Deployment.class, "web").getMetadata().getResourceVersion();
        var set = client.apps()
                .replicaSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .getFirst();

        // Something that touches every loop, so that each had a turn after the deployment settled.
        apply(deployment("other", 1, "v1", ""));
        Eventually.holds(
                () -> assertThat(get(Deployment.class, "other").getStatus().getAvailableReplicas())
                        .isEqualTo(1));

        assertThat(get(Deployment.class, "web").getMetadata().getResourceVersion())
                .isEqualTo(before);
        assertThat(get(ReplicaSet.class, set.getMetadata().getName())
                        .getMetadata()
                        .getResourceVersion())
                .isEqualTo(set.getMetadata().getResourceVersion());
    }

    private void awaitImage(String image, long count) throws Exception {
        Eventually.holds(() -> {
            assertThat(images()).isEqualTo(Map.of(image, count));
            assertThat(pods()).allMatch(Pods::isReady);
            for (var deployment :
                    client.apps().deployments().inNamespace(namespace).list().getItems()) {
                assertThat(conditions(deployment)).containsEntry("Progressing", "True/NewReplicaSetAvailable");
                assertThat(deployment.getStatus().getObservedGeneration())
                        .isEqualTo(deployment.getMetadata().getGeneration());
            }
        });
    }

    private Map<String, Long> images() {
        return pods().stream()
                .collect(Collectors.groupingBy(
                        pod -> pod.getSpec().getContainers().getFirst().getImage(), Collectors.counting()));
    }

    private List<String> revisions() {
        return client.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
                .map(set -> Objects.annotations(set).get("deployment.kubernetes.io/revision") + ":"
                        + set.getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage() + ":"
                        + set.getSpec().getReplicas())
                .toList();
    }

    private List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> !Objects.isBeingDeleted(pod))
                .toList();
    }

    private static Map<String, String> conditions(Deployment deployment) {
        return deployment.getStatus().getConditions().stream()
                .collect(Collectors.toMap(
                        condition -> condition.getType(),
                        condition -> condition.getStatus() + "/" + condition.getReason()));
    }

    private <T extends HasMetadata> T get(Class<T> type, String name) {
        return client.resources(type).inNamespace(namespace).withName(name).get();
    }

    private void apply(HasMetadata object) {
        client.resource(object)
                .inNamespace(namespace)
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    private void apply(String yaml) {
        HasMetadata object = client.getKubernetesSerialization().unmarshal(yaml);
        apply(object);
    }

    private Deployment deployment(String name, int replicas, String image, String strategy) {
        return client.getKubernetesSerialization()
                .unmarshal(
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: NAME}
                        spec:
                          replicas: REPLICAS
                          STRATEGY
                          selector: {matchLabels: {app: NAME}}
                          template:
                            metadata: {labels: {app: NAME}}
                            spec:
                              containers:
                                - name: main
                                  image: IMAGE
                                  ports: [{name: web, containerPort: 8080}]
                        """.replace("NAME", name)
                                .replace("REPLICAS", String.valueOf(replicas))
                                .replace("IMAGE", image)
                                .replace("STRATEGY", strategy.isEmpty() ? "" : "strategy: {type: " + strategy + "}"),
                        Deployment.class);
    }

    private static String daemonSet(String image) {
        return """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {app: agent}}
                  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {containers: [{name: main, image: IMAGE}]}
                """.replace("IMAGE", image);
    }

    private static String job(String name, String behaviour, String spec) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: NAME}
                spec:
                  SPEC
                  template:
                    metadata: {annotations: {test/behaviour: BEHAVIOUR}}
                    spec: {restartPolicy: Never, containers: [{name: main, image: v1}]}
                """.replace("NAME", name).replace("SPEC", spec).replace("BEHAVIOUR", behaviour);
    }
}
