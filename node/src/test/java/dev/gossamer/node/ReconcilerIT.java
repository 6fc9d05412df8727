package dev.gossamer.node;

import static dev.gossamer.node.redirect.TestPod.ask;
import static dev.gossamer.node.redirect.TestPod.connect;
import static dev.gossamer.node.redirect.TestPod.server;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.net.linux.Netns;
import dev.gossamer.node.handover.FakeProxy;
import dev.gossamer.node.handover.ZdsServer;
import dev.gossamer.node.pods.Enrolment;
import dev.gossamer.node.pods.LocalPod;
import dev.gossamer.node.pods.PodChange;
import dev.gossamer.node.pods.Redirection.Status;
import dev.gossamer.node.redirect.PodRules;
import dev.gossamer.node.redirect.ProbeRules;
import dev.gossamer.node.redirect.TestPod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod's way in and out, in a real namespace, with a node proxy that the test plays. Needs root or a user namespace. */
final class ReconcilerIT {
    private static final String NODE = "10.99.0.2";
    private static final Map<String, String> AMBIENT = Map.of(Enrolment.MODE_LABEL, "ambient");
    private static final LocalPod POD =
            new LocalPod("uid-1", "web", "shop", "web", Map.of(), Map.of(), false, false, List.of("10.99.0.1"));

    @TempDir
    private Path directory;

    private final LinkedBlockingQueue<Status> annotations = new LinkedBlockingQueue<>();
    private TestPod test;
    private Path socket;
    private Agent agent;

    /** An agent, from its start to its end. */
    private final class Agent implements AutoCloseable {
        private final TaskGroup tasks = new TaskGroup("agent");
        private final LinkedBlockingQueue<ZdsServer> servers = new LinkedBlockingQueue<>();
        private final Reconciler reconciler;

        Agent(boolean labelled) throws Exception {
            reconciler = new Reconciler(
                    new Enrolment("istio-system", Set.of()),
                    new Reconciler.PodEnvironment(
                            uid -> Optional.of(openAgain(test.pod)),
                            new PodRules(true),
                            (pod, status) -> annotations.add(status),
                            false,
                            new Pace(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(60)),
                            TimeSource.SYSTEM,
                            (pods, listener) -> {
                                var server = ZdsServer.start(socket, pods, listener);
                                servers.add(server);
                                return server;
                            }),
                    new ProbeRules(test.node),
                    new NodeMetrics());
            tasks.start(reconciler::run);
            label(labelled);
            reconciler.onChange(new PodChange.PodSeen(POD));
            reconciler.onChange(new PodChange.Synced());
            var server = servers.poll(20, TimeUnit.SECONDS);
            assertThat(server).as("the agent's socket").isNotNull();
            servers.add(server);
        }

        void label(boolean ambient) {
            reconciler.onChange(new PodChange.NamespaceSeen("shop", ambient ? AMBIENT : Map.of()));
        }

        @Override
        public void close() {
            tasks.close();
            servers.forEach(ZdsServer::close);
        }
    }

    private static Netns openAgain(Netns netns) throws java.io.IOException {
        return Netns.open(Path.of("/proc/self/fd/" + netns.descriptor()));
    }

    @BeforeEach
    void start() throws Exception {
        test = new TestPod();
        socket = directory.resolve("zds");
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
        test.close();
    }

    private Status nextAnnotation() throws Exception {
        return annotations.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void takesARunningPodInAndLetsItOutAgainWithoutATrace() throws Exception {
        var before = test.state();
        agent = new Agent(false);
        try (var proxy = new FakeProxy(socket);
                var direct = server(test.node, 8080, "direct");
                var captured = server(test.pod, 15001, "proxy")) {
            assertThat(proxy.receiveAndAcknowledge().message().hasSnapshotSent())
                    .isTrue();

            agent.label(true);
            var add = proxy.receive();
            assertThat(add.message().getAdd().getUid()).isEqualTo("uid-1");
            assertThat(add.netns().id()).isEqualTo(test.pod.id());
            // No redirection to a proxy that does not listen yet.
            try (var early = connect(test.pod, NODE, 8080)) {
                assertThat(ask(early)).isEqualTo("direct");
                proxy.acknowledge("");
                assertThat(nextAnnotation()).isEqualTo(Status.ENABLED);
                assertThat(ask(early)).isEqualTo("direct");
            }
            var inside = connect(test.pod, NODE, 8080);
            assertThat(ask(inside)).isEqualTo("proxy");

            agent.label(false);
            assertThat(nextAnnotation()).isEqualTo(Status.NONE);
            try (var after = connect(test.pod, NODE, 8080)) {
                assertThat(ask(after)).isEqualTo("direct");
            }
            assertThat(proxy.receiveAndAcknowledge().message().getDel().getUid())
                    .isEqualTo("uid-1");
            assertThat(ask(inside)).isEqualTo("proxy");
            inside.close();
            awaitState(before);
        }
    }

    private void awaitState(String state) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!test.state().equals(state)) {
            assertThat(System.nanoTime()).as(test.state()).isLessThan(deadline);
        }
    }

    @Test
    void asksAgainWhereTheProxyRefused() throws Exception {
        agent = new Agent(true);
        try (var proxy = new FakeProxy(socket)) {
            int refused = 0;
            while (annotations.peek() == null || refused < 2) {
                var request = proxy.receive();
                if (request.message().hasAdd()) {
                    refused++;
                    proxy.acknowledge("failed to start proxy : port in use");
                } else {
                    proxy.acknowledge("");
                }
            }
            assertThat(nextAnnotation()).isEqualTo(Status.PENDING);
            assertThat(test.state()).doesNotContain("istio-ambient");
            proxy.receiveAndAcknowledge();
            assertThat(nextAnnotation()).isEqualTo(Status.ENABLED);
            assertThat(test.state()).contains("istio-ambient");
        }
    }

    @Test
    void recognisesAfterARestartWhatIsInside() throws Exception {
        new PodRules(true).redirect(test.pod, new dev.gossamer.node.redirect.RuleOptions(false, true));
        agent = new Agent(true);
        try (var proxy = new FakeProxy(socket)) {
            assertThat(proxy.receiveAndAcknowledge().message().getAdd().getUid())
                    .isEqualTo("uid-1");
            assertThat(proxy.receiveAndAcknowledge().message().hasSnapshotSent())
                    .isTrue();
            assertThat(nextAnnotation()).isEqualTo(Status.ENABLED);
        }
    }

    @Test
    void clearsAfterARestartWhatIsInsideNoMore() throws Exception {
        var before = test.state();
        new PodRules(true).redirect(test.pod, new dev.gossamer.node.redirect.RuleOptions(false, true));
        agent = new Agent(false);
        awaitState(before);
    }
}
