package dev.gossamer.node.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.net.linux.Netns;
import dev.gossamer.net.linux.SeqPacketSocket;
import dev.gossamer.proto.ZdsProto.WorkloadRequest.PayloadCase;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZdsServerTest {
    @TempDir
    private Path directory;

    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final HandoverListener listener = new HandoverListener() {
        @Override
        public void onAccepted(String podUid) {
            told.add("accepted " + podUid);
        }

        @Override
        public void onRefused(String podUid, String reason) {
            told.add("refused " + podUid + ": " + reason);
        }

        @Override
        public void onConnectionChanged(boolean connected) {
            told.add(connected ? "connected" : "disconnected");
        }
    };

    private Netns netns;
    private Path path;
    private ZdsServer server;

    @BeforeEach
    void start() throws Exception {
        netns = Netns.ownProcess();
        path = directory.resolve("zds");
        server = ZdsServer.start(path, List.of(pod("a")), listener);
    }

    @AfterEach
    void stop() {
        server.close();
        netns.close();
    }

    private HandedPod pod(String uid) {
        return new HandedPod(uid, "name-" + uid, "shop", "cart", netns);
    }

    private String next() throws Exception {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void sendsTheSnapshotThenChangesOneAtATime() throws Exception {
        try (var proxy = new FakeProxy(path)) {
            var add = proxy.receive();
            assertThat(add.message().getAdd().getUid()).isEqualTo("a");
            assertThat(add.message().getAdd().getWorkloadInfo().getName()).isEqualTo("name-a");
            assertThat(add.message().getAdd().getWorkloadInfo().getNamespace()).isEqualTo("shop");
            assertThat(add.message().getAdd().getWorkloadInfo().getServiceAccount())
                    .isEqualTo("cart");
            assertThat(add.netns().id()).isEqualTo(netns.id());
            // Nothing more before the answer.
            Assertions.assertThatThrownBy(() -> proxy.socket.receive(Duration.ofMillis(50)))
                    .isInstanceOf(SocketTimeoutException.class);
            proxy.acknowledge("");
            assertThat(proxy.receiveAndAcknowledge().message().getPayloadCase()).isEqualTo(PayloadCase.SNAPSHOT_SENT);
            assertThat(next()).isEqualTo("connected");
            assertThat(next()).isEqualTo("accepted a");

            server.add(pod("b"));
            server.remove("a");
            assertThat(proxy.receive().message().getAdd().getUid()).isEqualTo("b");
            proxy.acknowledge("failed to start proxy : port in use");
            assertThat(next()).isEqualTo("refused b: failed to start proxy : port in use");
            assertThat(proxy.receiveAndAcknowledge().message().getDel().getUid())
                    .isEqualTo("a");
        }
        assertThat(next()).isEqualTo("disconnected");
    }

    @Test
    void tellsTheNewestOfAdditionsAndAllOfDeletions() throws Exception {
        try (var old = connected(1);
                var young = connected(1)) {
            server.add(pod("b"));
            assertThat(young.receiveAndAcknowledge().message().getAdd().getUid())
                    .isEqualTo("b");
            server.remove("b");
            assertThat(young.receiveAndAcknowledge().message().getDel().getUid())
                    .isEqualTo("b");
            assertThat(old.receiveAndAcknowledge().message().getDel().getUid()).isEqualTo("b");
        }
    }

    private FakeProxy connected(int pods) throws Exception {
        var proxy = new FakeProxy(path);
        for (int i = 0; i <= pods; i++) {
            proxy.receiveAndAcknowledge();
        }
        return proxy;
    }

    @Test
    void startsAgainWithWhoeverComesBack() throws Exception {
        connected(1).close();
        server.add(pod("b"));
        try (var proxy = new FakeProxy(path)) {
            assertThat(proxy.receiveAndAcknowledge().message().getAdd().getUid())
                    .isEqualTo("a");
            assertThat(proxy.receiveAndAcknowledge().message().getAdd().getUid())
                    .isEqualTo("b");
            assertThat(proxy.receiveAndAcknowledge().message().getPayloadCase()).isEqualTo(PayloadCase.SNAPSHOT_SENT);
        }
    }

    @Test
    void hangsUpOnWhoeverSpeaksUnasked() throws Exception {
        try (var proxy = connected(1)) {
            proxy.acknowledge("");
            assertThat(proxy.socket.receive(Duration.ofSeconds(10))).isNull();
        }
    }

    @Test
    void hangsUpOnWhoeverDoesNotGreet() throws Exception {
        try (var stranger = SeqPacketSocket.connect(path)) {
            stranger.send("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(stranger.receive(Duration.ofSeconds(10))).isNull();
        }
    }
}
