package dev.gossamer.net.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.net.hbone.WindowBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plain sockets at both ends of a tunnel: what one does, the other must see. */
final class RelayTest {
    private static final byte[] MEGABYTE = new byte[1_000_000];

    private ServerSocket backend;
    private TestTunnel test;

    @BeforeEach
    void start() throws Exception {
        backend = new ServerSocket(0, 2048, InetAddress.getLoopbackAddress());
        test = new TestTunnel(
                new InetSocketAddress(backend.getInetAddress(), backend.getLocalPort()), new WindowBudget(16 << 20));
    }

    @AfterEach
    void stop() throws Exception {
        test.close();
        backend.close();
    }

    private Socket client() throws IOException {
        var socket = new Socket();
        socket.connect(test.entry());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private Socket accepted() throws IOException {
        backend.setSoTimeout(10_000);
        var socket = backend.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static TestTunnel.Ended next(java.util.concurrent.BlockingQueue<TestTunnel.Ended> ends)
            throws InterruptedException {
        return ends.poll(10, TimeUnit.SECONDS);
    }

    private void assertFinished(long fromClient, long fromServer) throws Exception {
        var expected = new TestTunnel.Ended(new CloseReason.Finished(), new RelayCounts(fromClient, fromServer));
        assertThat(next(test.clientRelays)).isEqualTo(expected);
        assertThat(next(test.serverRelays)).isEqualTo(expected);
    }

    @Test
    void theClientEndsFirst() throws Exception {
        try (var client = client();
                var server = accepted()) {
            client.getOutputStream().write(bytes("question"));
            client.shutdownOutput();
            assertThat(read(server, 100)).isEqualTo("question");
            server.getOutputStream().write(bytes("answer"));
            server.getOutputStream().write(bytes(" and more"));
            server.shutdownOutput();
            assertThat(read(client, 100)).isEqualTo("answer and more");
        }
        assertFinished(8, 15);
    }

    @Test
    void theServerEndsFirst() throws Exception {
        try (var client = client();
                var server = accepted()) {
            server.getOutputStream().write(bytes("hello"));
            server.shutdownOutput();
            assertThat(read(client, 100)).isEqualTo("hello");
            client.getOutputStream().write(bytes("bye"));
            client.shutdownOutput();
            assertThat(read(server, 100)).isEqualTo("bye");
        }
        assertFinished(3, 5);
    }

    @Test
    void aClientThatEndsAtOnceLosesNothing() throws Exception {
        try (var client = client()) {
            client.getOutputStream().write(bytes("all"));
            client.shutdownOutput();
            try (var server = accepted()) {
                assertThat(read(server, 100)).isEqualTo("all");
                server.shutdownOutput();
                assertThat(read(client, 1)).isEmpty();
            }
        }
        assertFinished(3, 0);
    }

    @Test
    void bothEndWithoutAWord() throws Exception {
        try (var client = client();
                var server = accepted()) {
            client.shutdownOutput();
            server.shutdownOutput();
            assertThat(read(client, 1)).isEmpty();
            assertThat(read(server, 1)).isEmpty();
        }
        assertFinished(0, 0);
    }

    @Test
    void aLongAnswerAfterTheClientsEndArrivesWhole() throws Exception {
        var answer = new byte[20_000_000];
        new Random(3).nextBytes(answer);
        try (var client = client();
                var server = accepted()) {
            client.shutdownOutput();
            var sending = CompletableFuture.runAsync(() -> {
                try {
                    server.getOutputStream().write(answer);
                    server.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
            sending.get(10, TimeUnit.SECONDS);
        }
        assertFinished(0, answer.length);
    }

    @Test
    void aClientsResetReachesTheServer() throws Exception {
        try (var client = client();
                var server = accepted()) {
            client.getOutputStream().write(bytes("x"));
            assertThat(read(server, 1)).isEqualTo("x");
            client.setSoLinger(true, 0);
            client.close();
            assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
        }
        assertThat(next(test.clientRelays).reason()).isEqualTo(new CloseReason.Reset(Side.CLIENT));
        assertThat(next(test.serverRelays).reason()).isEqualTo(new CloseReason.Reset(Side.CLIENT));
    }

    @Test
    void aServersResetReachesTheClient() throws Exception {
        try (var client = client();
                var server = accepted()) {
            server.getOutputStream().write('x');
            assertThat(read(client, 1)).isEqualTo("x");
            server.setSoLinger(true, 0);
            server.close();
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
        }
        assertThat(next(test.serverRelays).reason()).isEqualTo(new CloseReason.Reset(Side.SERVER));
        assertThat(next(test.clientRelays).reason()).isEqualTo(new CloseReason.Reset(Side.SERVER));
    }

    @Test
    void aCutIsAReset() throws Exception {
        try (var client = client();
                var server = accepted()) {
            var relay = test.openServerRelays.poll(10, TimeUnit.SECONDS);
            test.onServerLoop(() -> relay.cut("policy"));
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
            assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
        }
        assertThat(next(test.serverRelays).reason()).isEqualTo(new CloseReason.Cut("policy"));
    }

    @Test
    void aLostTunnelIsAReset() throws Exception {
        try (var client = client();
                var server = accepted()) {
            client.getOutputStream().write('x');
            assertThat(server.getInputStream().read()).isEqualTo('x');
            test.onClientLoop(() -> test.tunnel.close());
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
            assertThatThrownBy(() -> server.getInputStream().read()).hasMessageContaining("reset");
        }
        assertThat(next(test.clientRelays).reason()).isInstanceOf(CloseReason.TunnelLost.class);
        assertThat(next(test.serverRelays).reason()).isInstanceOf(CloseReason.TunnelLost.class);
    }

    @Test
    void stalledReadersHoldBackOnlyTheirOwnSenders() throws Exception {
        var sockets = new ArrayList<Socket>();
        var senders = new ArrayList<Thread>();
        for (int i = 0; i < 32; i++) {
            var client = client();
            sockets.add(client);
            sockets.add(accepted());
            senders.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int sent = 0; sent < 50; sent++) {
                        client.getOutputStream().write(MEGABYTE);
                    }
                } catch (IOException _) {
                    // cut at the end of the test
                }
            }));
        }
        // All of them are stuck, and somebody new is served.
        try (var client = client();
                var server = accepted()) {
            client.getOutputStream().write(bytes("ping"));
            assertThat(read(server, 4)).isEqualTo("ping");
            server.getOutputStream().write(bytes("pong"));
            assertThat(read(client, 4)).isEqualTo("pong");
        }
        // One that reads again gets everything.
        var reader = sockets.get(1);
        for (int received = 0; received < 50; received++) {
            assertThat(reader.getInputStream().readNBytes(MEGABYTE.length)).hasSize(MEGABYTE.length);
        }
        for (var socket : sockets) {
            socket.close();
        }
        for (var sender : senders) {
            sender.join();
        }
    }

    @Test
    void aThousandIdleStreamsCostLittle() throws Exception {
        // One round first, so that what is loaded once is not counted.
        var sockets = new ArrayList<Socket>();
        openIdle(sockets, 100);
        long before = usedHeap();
        openIdle(sockets, 1000);
        long perStream = (usedHeap() - before) / 1000;
        for (var socket : sockets) {
            socket.close();
        }
        // Both proxies and both applications live in this JVM, and leak detection keeps records.
        assertThat(perStream).isLessThan(24_000);
    }

    private void openIdle(ArrayList<Socket> sockets, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var client = client();
            sockets.add(client);
            client.getOutputStream().write('x');
            var server = accepted();
            sockets.add(server);
            assertThat(server.getInputStream().read()).isEqualTo('x');
        }
    }

    private static long usedHeap() {
        var runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
