package dev.gossamer.net.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What works without privileges. */
final class LinuxTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("socket");
    }

    @Test
    void passesDatagramsAndNamespaces() throws Exception {
        try (var server = SeqPacketServer.listen(path());
                var client = SeqPacketSocket.connect(path());
                var served = server.accept();
                var netns = Netns.ownProcess()) {
            client.send(new byte[] {1, 2, 3});
            client.send(new byte[1024], netns);
            try (var first = served.receive(PATIENCE);
                    var second = served.receive(PATIENCE)) {
                assertThat(first.message()).containsExactly(1, 2, 3);
                assertThat(first.descriptorCount()).isZero();
                assertThat(second.message()).hasSize(1024);
                assertThat(second.descriptorCount()).isEqualTo(1);
                try (var received = Netns.adopt(second.takeDescriptor())) {
                    assertThat(received.id()).isEqualTo(netns.id());
                    assertThat(received.descriptor()).isNotEqualTo(netns.descriptor());
                }
            }
        }
    }

    @Test
    void refusesLongDatagrams() throws Exception {
        try (var server = SeqPacketServer.listen(path());
                var client = SeqPacketSocket.connect(path());
                var served = server.accept()) {
            assertThatThrownBy(() -> client.send(new byte[1025])).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> served.receive(Duration.ofMillis(20))).isInstanceOf(SocketTimeoutException.class);
            client.close();
            assertThat(served.receive(PATIENCE)).isNull();
            assertThatThrownBy(() -> client.send(new byte[1])).hasMessageContaining("closed");
        }
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        var server = SeqPacketServer.listen(path());
        var client = SeqPacketSocket.connect(path());
        var served = server.accept();
        var accepting = onPlatformThread(server::accept);
        var receiving = onPlatformThread(() -> served.receive(Duration.ofMinutes(1)));
        served.close();
        server.close();
        assertThatThrownBy(() -> receiving.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
        assertThatThrownBy(() -> accepting.get(10, TimeUnit.SECONDS)).hasMessageContaining("closed");
        client.close();
        assertThat(path()).doesNotExist();
    }

    private interface Call {
        Object call() throws Exception;
    }

    private static CompletableFuture<Object> onPlatformThread(Call call) {
        var result = new CompletableFuture<Object>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Test
    void aSuccessorKeepsItsPath() throws Exception {
        var old = SeqPacketServer.listen(path());
        try (var young = SeqPacketServer.listen(path())) {
            old.close();
            try (var client = SeqPacketSocket.connect(path());
                    var served = young.accept()) {
                client.send(new byte[] {7});
                assertThat(served.receive(PATIENCE).message()).containsExactly(7);
            }
        }
    }

    @Test
    void saysWhereNobodyListens() {
        assertThatThrownBy(() -> SeqPacketSocket.connect(path())).hasMessageContaining(path().toString());
    }

    @Test
    void nativeWaitsAreNotForVirtualThreads() throws Exception {
        try (var server = SeqPacketServer.listen(path())) {
            var result = new CompletableFuture<Object>();
            Thread.ofVirtual().start(() -> {
                try {
                    result.complete(server.accept());
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            });
            assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasMessageContaining("platform thread");
        }
    }

    @Test
    void tellsNamespacesFromFiles() throws Exception {
        assertThatThrownBy(() -> Netns.open(Files.createFile(directory.resolve("file"))))
                .hasMessageContaining("is not a network namespace");
        assertThatThrownBy(() -> Netns.open(directory.resolve("nothing"))).hasMessageContaining("no such file");
        assertThatThrownBy(() -> Netns.open(Path.of("/proc/self/ns/uts")))
                .hasMessageContaining("is not a network namespace");
    }

    @Test
    void aClosedNamespaceIsNotEntered() throws Exception {
        var netns = Netns.ownProcess();
        netns.close();
        netns.close();
        assertThat(netns.isClosed()).isTrue();
        assertThatThrownBy(() -> netns.call(() -> 1)).isInstanceOf(IOException.class);
    }

    @Test
    void raisesTheLimitOfOpenFiles() throws Exception {
        assertThat(OpenFiles.raiseLimit()).isPositive().isEqualTo(OpenFiles.raiseLimit());
    }

    @Test
    void aChildInheritsAListener() throws Exception {
        int port;
        try (var free = ServerSocketChannel.open()) {
            free.bind(new InetSocketAddress("127.0.0.1", 0));
            port = ((InetSocketAddress) free.getLocalAddress()).getPort();
        }
        var log = directory.resolve("log");
        try (var listener = InheritedListener.open(new InetSocketAddress("127.0.0.1", port))) {
            var code = "echo started; readlink /proc/self/fd/" + listener.descriptor() + "; echo $GREETING; read x";
            long pid = SpawnedProcess.start(
                    List.of("sh", "-c", code), Map.of("GREETING", "hello", "PATH", System.getenv("PATH")), log);
            ProcessHandle.of(pid).ifPresent(child -> child.onExit().join());
        }
        assertThat(Files.readString(log)).contains("started", "socket:[", "hello");
        assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SpawnedProcess.start(List.of("no-such-program"), Map.of(), log))
                .hasMessageContaining("no such file");
    }
}
