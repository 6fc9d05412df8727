package dev.gossamer.ztunnel.inpod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.SeqPacketServer;
import dev.gossamer.net.linux.SeqPacketSocket;
import dev.gossamer.proto.ZdsProto.AddWorkload;
import dev.gossamer.proto.ZdsProto.DelWorkload;
import dev.gossamer.proto.ZdsProto.KeepWorkload;
import dev.gossamer.proto.ZdsProto.SnapshotSent;
import dev.gossamer.proto.ZdsProto.Version;
import dev.gossamer.proto.ZdsProto.WorkloadInfo;
import dev.gossamer.proto.ZdsProto.WorkloadRequest;
import dev.gossamer.proto.ZdsProto.WorkloadResponse;
import dev.gossamer.proto.ZdsProto.ZdsHello;
import dev.gossamer.ztunnel.pod.LiveConnections;
import dev.gossamer.ztunnel.state.LocalWorkloadKey;
import dev.gossamer.ztunnel.telemetry.ProxyMetrics;
import dev.gossamer.ztunnel.telemetry.Readiness;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a node agent that the test plays, over a real socket. */
final class AgentClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What was started and released, as {@code +name} and {@code -name}. */
    private final List<String> served = new CopyOnWriteArrayList<>();

    private final Readiness readiness = new Readiness();
    private volatile boolean portsTaken;

    @TempDir
    private Path directory;

    private SeqPacketServer listener;
    private PodRegistry registry;
    private AgentClient client;
    private SeqPacketSocket agent;

    @BeforeEach
    void start() throws Exception {
        listener = SeqPacketServer.listen(directory.resolve("zds.sock"));
        registry = new PodRegistry(this::serve, new ProxyMetrics(new PrometheusRegistry(), "test"));
        client = new AgentClient(directory.resolve("zds.sock"), registry, readiness, TimeSource.SYSTEM);
        client.start();
        accept();
    }

    @AfterEach
    void stop() throws Exception {
        agent.close();
        client.close();
        listener.close();
    }

    private ServedPod serve(LocalWorkloadKey pod, Netns namespace) throws IOException {
        if (portsTaken) {
            throw new IOException("cannot listen on port 15008");
        }
        served.add("+" + pod.name());
        return new ServedPod() {
            @Override
            public LiveConnections connections() {
                return new LiveConnections();
            }

            @Override
            public void release() {
                served.add("-" + pod.name());
                namespace.close();
            }
        };
    }

    private void accept() throws Exception {
        agent = Objects.requireNonNull(listener.accept());
        try (var hello = agent.receive(PATIENCE)) {
            assertThat(ZdsHello.parseFrom(Objects.requireNonNull(hello).message())
                            .getVersion())
                    .isEqualTo(Version.V1);
        }
    }

    @Test
    void isReadyWhenTheSnapshotIsInAndEachPodIsServed() throws Exception {
        assertThat(readiness.pending()).containsExactly("workload proxy manager");
        assertThat(add("u1", "web")).isEmpty();
        assertThat(readiness.pending()).isNotEmpty();
        assertThat(snapshotSent()).isEmpty();

        await(() -> readiness.pending().isEmpty());
        assertThat(served).containsExactly("+web");
        assertThat(registry.statuses()).hasSize(1).allMatch(PodRegistry.Status::isUp);
    }

    @Test
    void takesARepeatedPodForTheSame() throws Exception {
        add("u1", "web");
        assertThat(add("u1", "web")).isEmpty();

        assertThat(served).containsExactly("+web");
    }

    @Test
    void startsAnewWhenAPodComesWithOtherNames() throws Exception {
        add("u1", "web");
        add("u1", "other");

        assertThat(served).containsExactly("+web", "-web", "+other");
    }

    @Test
    void releasesWhatTheAgentDeletes() throws Exception {
        add("u1", "web");
        snapshotSent();
        assertThat(send(WorkloadRequest.newBuilder()
                        .setDel(DelWorkload.newBuilder().setUid("u1"))
                        .build()))
                .isEmpty();

        assertThat(served).containsExactly("+web", "-web");
        assertThat(registry.statuses()).isEmpty();
    }

    @Test
    void keepsPodsWhileTheAgentIsAwayAndDropsThoseThatItNoLongerNames() throws Exception {
        add("u1", "web");
        add("u2", "api");
        add("u3", "job");
        snapshotSent();
        agent.close();
        accept();
        await(() -> !readiness.pending().isEmpty());
        assertThat(served).containsExactly("+web", "+api", "+job");

        add("u1", "web");
        assertThat(send(WorkloadRequest.newBuilder()
                        .setKeep(KeepWorkload.newBuilder().setUid("u2"))
                        .build()))
                .isEmpty();
        snapshotSent();

        assertThat(served).containsExactly("+web", "+api", "+job", "-job");
    }

    @Test
    void forgetsAPodThatIsDeletedWithinTheSnapshot() throws Exception {
        add("u1", "web");
        snapshotSent();
        agent.close();
        accept();
        add("u1", "web");
        send(WorkloadRequest.newBuilder()
                .setDel(DelWorkload.newBuilder().setUid("u1"))
                .build());
        assertThat(served).containsExactly("+web");
        snapshotSent();

        assertThat(served).containsExactly("+web", "-web");
    }

    @Test
    void saysWhyAPodCannotBeServedAndIsNotReadyMeanwhile() throws Exception {
        portsTaken = true;
        assertThat(add("u1", "web")).isEqualTo("failure to start proxy : cannot listen on port 15008");
        snapshotSent();
        assertThat(readiness.pending()).isNotEmpty();
        assertThat(registry.pendingCount()).isEqualTo(1);

        portsTaken = false;
        assertThat(add("u1", "web")).isEmpty();
        await(() -> readiness.pending().isEmpty());
        assertThat(served).containsExactly("+web");
    }

    @Test
    void answersWhatIsWrongAndBeginsAnew() throws Exception {
        snapshotSent();
        assertThat(snapshotSent()).isEqualTo("a second SnapshotSent");
        expectReconnect();

        assertThat(send(WorkloadRequest.newBuilder()
                        .setAdd(addition("u1", "web"))
                        .build()))
                .startsWith("AddWorkload needs one descriptor");
        expectReconnect();

        try (var namespace = Netns.ownProcess()) {
            agent.send(
                    WorkloadRequest.newBuilder()
                            .setAdd(AddWorkload.newBuilder().setUid("u1"))
                            .build()
                            .toByteArray(),
                    namespace.descriptor());
        }
        assertThat(answer()).isEqualTo("AddWorkload of u1 has no workload_info");
        expectReconnect();

        agent.send(new byte[] {(byte) 0xff, 1, 2});
        assertThat(answer()).startsWith("malformed message");
        expectReconnect();

        snapshotSent();
        assertThat(send(WorkloadRequest.newBuilder()
                        .setKeep(KeepWorkload.newBuilder().setUid("u2"))
                        .build()))
                .isEqualTo("KeepWorkload after SnapshotSent");
        expectReconnect();
        assertThat(served).isEmpty();
    }

    private void expectReconnect() throws Exception {
        assertThat(agent.receive(PATIENCE)).isNull();
        agent.close();
        accept();
    }

    private String add(String uid, String name) throws Exception {
        try (var namespace = Netns.ownProcess()) {
            agent.send(
                    WorkloadRequest.newBuilder()
                            .setAdd(addition(uid, name))
                            .build()
                            .toByteArray(),
                    namespace.descriptor());
        }
        return answer();
    }

    private static AddWorkload addition(String uid, String name) {
        var info = WorkloadInfo.newBuilder().setName(name).setNamespace("shop").setServiceAccount(name);
        return AddWorkload.newBuilder().setUid(uid).setWorkloadInfo(info).build();
    }

    private String snapshotSent() throws Exception {
        return send(WorkloadRequest.newBuilder()
                .setSnapshotSent(SnapshotSent.getDefaultInstance())
                .build());
    }

    private String send(WorkloadRequest request) throws Exception {
        agent.send(request.toByteArray());
        return answer();
    }

    private String answer() throws Exception {
        try (var answer = agent.receive(PATIENCE)) {
            return WorkloadResponse.parseFrom(Objects.requireNonNull(answer).message())
                    .getAck()
                    .getError();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
