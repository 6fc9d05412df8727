package dev.gossamer.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.net.loop.Loops;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both ends on loopback, with everything that can be wrong about a peer. */
final class TlsHandlerTest {
    private static final SpiffeId CLIENT = new SpiffeId("cluster.local", "shop", "cart");
    private static final SpiffeId SERVER = new SpiffeId("cluster.local", "shop", "stock");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Loops loops;
    private static TestCertificates authority;

    private final LinkedBlockingQueue<Object> serverEvents = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Object> clientEvents = new LinkedBlockingQueue<>();
    private Duration serverTimeout = PATIENCE;
    private Channel listener;

    @BeforeAll
    static void startLoops() throws Exception {
        loops = Loops.start("tls-test", 2);
        authority = new TestCertificates();
    }

    @AfterAll
    static void stopLoops() {
        loops.close();
    }

    @BeforeEach
    void listen() throws Exception {
        var credentials = authority.leaf(SERVER).credentials();
        listener = new ServerBootstrap()
                .group(loops.group())
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        TlsHandler.server(credentials, authority.check("cluster.local"), serverTimeout))
                                .addLast(new Echo(serverEvents));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    @AfterEach
    void close() throws Exception {
        listener.close().sync();
    }

    /** Records events and sends back what comes. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final LinkedBlockingQueue<Object> events;

        Echo(LinkedBlockingQueue<Object> events) {
            this.events = events;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("closed");
        }
    }

    /** Records events and what comes. */
    private final class Collector extends ChannelInboundHandlerAdapter {
        final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            clientEvents.add(event);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var bytes = (ByteBuf) message;
            synchronized (heard) {
                var copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy);
                heard.writeBytes(copy);
                heard.notifyAll();
            }
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            clientEvents.add("closed");
        }

        byte[] await(int length) throws InterruptedException {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            synchronized (heard) {
                while (heard.size() < length && System.nanoTime() < deadline) {
                    heard.wait(100);
                }
                return heard.toByteArray();
            }
        }
    }

    private Channel connect(TlsCredentials credentials, PeerCheck check, Collector collector) throws Exception {
        return new Bootstrap()
                .group(loops.group())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, loops.allocator())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(TlsHandler.client(credentials, check, PATIENCE))
                                .addLast(collector);
                    }
                })
                .connect(listener.localAddress())
                .sync()
                .channel();
    }

    private static Object next(LinkedBlockingQueue<Object> events) throws InterruptedException {
        return events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void assertRefused(TlsCredentials credentials, String byServer) throws Exception {
        connect(credentials, authority.check("cluster.local"), new Collector());
        assertThat(next(serverEvents))
                .isInstanceOfSatisfying(
                        TlsEvent.Failed.class,
                        failed -> assertThat(failed.reason()).contains(byServer));
        assertThat(next(serverEvents)).isEqualTo("closed");
        // In TLS 1.3 the client has finished before the server looks at its certificate.
        var first = next(clientEvents);
        var told = first instanceof TlsEvent.Established ? next(clientEvents) : first;
        assertThat(told)
                .isInstanceOfSatisfying(
                        TlsEvent.Failed.class,
                        failed -> assertThat(failed.reason()).contains("the peer refused"));
        assertThat(next(clientEvents)).isEqualTo("closed");
    }

    @Test
    void carriesBytesBetweenIdentities() throws Exception {
        var collector = new Collector();
        var channel = connect(authority.leaf(CLIENT).credentials(), authority.check("cluster.local"), collector);
        assertThat(next(serverEvents))
                .isInstanceOfSatisfying(
                        TlsEvent.Established.class, up -> assertThat(up.peer()).isEqualTo(CLIENT));
        assertThat(next(clientEvents))
                .isInstanceOfSatisfying(
                        TlsEvent.Established.class, up -> assertThat(up.peer()).isEqualTo(SERVER));

        var random = new Random(1);
        var said = new ByteArrayOutputStream();
        for (int length : new int[] {1, 100, 16383, 16384, 16385, 1, 2, 3, 12288, 50_000, 300_000, 0, 7}) {
            var bytes = new byte[length];
            random.nextBytes(bytes);
            said.writeBytes(bytes);
            channel.write(Unpooled.copiedBuffer(bytes));
        }
        channel.flush();
        assertThat(collector.await(said.size())).isEqualTo(said.toByteArray());
        channel.close().sync();
        assertThat(next(serverEvents)).isEqualTo("closed");
    }

    @Test
    void completesPromisesWhenBytesAreSent() throws Exception {
        var collector = new Collector();
        var channel = connect(authority.leaf(CLIENT).credentials(), authority.check("cluster.local"), collector);
        // Before the handshake is complete, too.
        channel.writeAndFlush(Unpooled.copiedBuffer("early", StandardCharsets.US_ASCII))
                .sync();
        assertThat(collector.await(5)).hasSize(5);
        channel.close().sync();
        assertThatThrownBy(() -> channel.writeAndFlush(Unpooled.copiedBuffer(new byte[3]))
                        .sync())
                .isInstanceOf(java.nio.channels.ClosedChannelException.class);
    }

    @Test
    void sendsEverythingBeforeItCloses() throws Exception {
        var collector = new Collector();
        var channel = connect(authority.leaf(CLIENT).credentials(), authority.check("cluster.local"), collector);
        assertThat(next(serverEvents)).isInstanceOf(TlsEvent.Established.class);
        // The server echoes, and closes in the end: what was written before must arrive.
        var big = new byte[3_000_000];
        channel.writeAndFlush(Unpooled.wrappedBuffer(big));
        assertThat(collector.await(big.length)).hasSize(big.length);
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[10])).addListener(ChannelFutureListener.CLOSE);
        assertThat(next(serverEvents)).isEqualTo("closed");
    }

    @Test
    void refusesClientsOfAnotherTrustDomain() throws Exception {
        assertRefused(
                authority.leaf(new SpiffeId("elsewhere", "shop", "cart")).credentials(), "trust domain elsewhere");
    }

    @Test
    void refusesExpiredCertificates() throws Exception {
        var expired = authority.leaf(CLIENT.toString(), Instant.now().minus(Duration.ofHours(2)), Duration.ofHours(1));
        assertRefused(expired.credentials(), "TLS handshake failed: ");
    }

    @Test
    void refusesSelfSignedCertificates() throws Exception {
        assertRefused(TestCertificates.selfSigned(CLIENT.toString()).credentials(), "TLS handshake failed: ");
    }

    @Test
    void refusesCertificatesOfAnotherAuthority() throws Exception {
        assertRefused(new TestCertificates().leaf(CLIENT).credentials(), "TLS handshake failed: ");
    }

    @Test
    void refusesCertificatesWithoutAnIdentity() throws Exception {
        assertRefused(
                authority
                        .leaf("https://example.org", Instant.now(), Duration.ofHours(1))
                        .credentials(),
                "TLS handshake failed: ");
    }

    @Test
    void clientsRefuseServersToo() throws Exception {
        connect(
                authority.leaf(CLIENT).credentials(),
                _ -> {
                    throw new PeerRejectedException("not whom I dialled");
                },
                new Collector());
        assertThat(next(clientEvents)).isEqualTo(new TlsEvent.Failed("TLS handshake failed: not whom I dialled"));
        assertThat(next(clientEvents)).isEqualTo("closed");
        assertThat(next(serverEvents)).isInstanceOf(TlsEvent.Failed.class);
    }

    @Test
    void aCheckThatFailsRefuses() throws Exception {
        connect(
                authority.leaf(CLIENT).credentials(),
                _ -> {
                    throw new IllegalStateException("a bug");
                },
                new Collector());
        assertThat(next(clientEvents)).isInstanceOf(TlsEvent.Failed.class);
    }

    /** The JDK's TLS as a client without certificate, offering {@code protocols}. */
    private SSLSocket foreign(String version, String... protocols) throws Exception {
        var trustAll = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[0], new TrustManager[] {trustAll}, new SecureRandom());
        var socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(listener.localAddress());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setEnabledProtocols(new String[] {version});
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }

    private void assertFails(SSLSocket client, String reason) throws Exception {
        try (client) {
            client.startHandshake();
            client.getInputStream().read();
        } catch (java.io.IOException _) {
            // The server's refusal, however the client words it.
        }
        assertThat(next(serverEvents))
                .isInstanceOfSatisfying(
                        TlsEvent.Failed.class,
                        failed -> assertThat(failed.reason()).contains(reason));
        assertThat(next(serverEvents)).isEqualTo("closed");
    }

    @Test
    void refusesClientsWithoutCertificate() throws Exception {
        assertFails(foreign("TLSv1.3", "h2"), "the peer showed no certificate");
    }

    @Test
    void refusesOldTls() throws Exception {
        assertFails(foreign("TLSv1.2", "h2"), "no common TLS version");
    }

    @Test
    void refusesPlaintextAndNoise() throws Exception {
        for (var noise : new String[] {
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0\0\0\0\0\0\0"
        }) {
            try (var socket = new Socket()) {
                socket.connect(listener.localAddress());
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.getOutputStream().write(noise.getBytes(StandardCharsets.US_ASCII));
                readToEnd(socket.getInputStream());
            }
            assertThat(next(serverEvents)).isInstanceOf(TlsEvent.Failed.class);
            assertThat(next(serverEvents)).isEqualTo("closed");
        }
    }

    private static void readToEnd(InputStream in) {
        try {
            in.readAllBytes();
        } catch (java.io.IOException _) {
            // A reset is an end as well.
        }
    }

    @Test
    void givesUpOnSilentPeers() throws Exception {
        serverTimeout = Duration.ofMillis(100);
        try (var socket = new Socket()) {
            socket.connect(listener.localAddress());
            assertThat(next(serverEvents)).isEqualTo(new TlsEvent.Failed("TLS handshake not complete after 100 ms"));
            assertThat(next(serverEvents)).isEqualTo("closed");
        }
    }

    @Test
    void survivesAHandshakeCutAtEachByte() throws Exception {
        var hello = clientHello();
        for (int length = 1; length < hello.length; length += 1 + hello.length / 40) {
            try (var socket = new Socket()) {
                socket.connect(listener.localAddress());
                socket.getOutputStream().write(hello, 0, length);
            }
            assertThat(next(serverEvents)).isEqualTo("closed");
        }
    }

    @Test
    void survivesAHandshakeDamagedAtEachByte() throws Exception {
        var hello = clientHello();
        for (int at = 0; at < hello.length; at += 1 + hello.length / 40) {
            var damaged = hello.clone();
            damaged[at] ^= (byte) 0xff;
            try (var socket = new Socket()) {
                socket.connect(listener.localAddress());
                socket.getOutputStream().write(damaged);
                socket.shutdownOutput();
                readToEnd(socket.getInputStream());
            }
            var first = next(serverEvents);
            assertThat(first instanceof TlsEvent.Failed ? next(serverEvents) : first)
                    .isEqualTo("closed");
        }
    }

    /** The first bytes that a client of ours says. */
    private byte[] clientHello() throws Exception {
        try (var server = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            var channel = new Bootstrap()
                    .group(loops.group())
                    .channel(EpollSocketChannel.class)
                    .handler(TlsHandler.client(authority.leaf(CLIENT).credentials(), authority.check("x"), PATIENCE))
                    .connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()))
                    .sync()
                    .channel();
            try (var socket = server.accept()) {
                var head = socket.getInputStream().readNBytes(5);
                int length = (head[3] & 0xff) << 8 | head[4] & 0xff;
                var body = socket.getInputStream().readNBytes(length);
                var hello = new byte[5 + length];
                System.arraycopy(head, 0, hello, 0, 5);
                System.arraycopy(body, 0, hello, 5, length);
                return hello;
            } finally {
                channel.close().sync();
            }
        }
    }

    @Test
    void aCutConnectionIsNoFailureOfTls() throws Exception {
        var channel = connect(authority.leaf(CLIENT).credentials(), authority.check("cluster.local"), new Collector());
        assertThat(next(serverEvents)).isInstanceOf(TlsEvent.Established.class);
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.eventLoop()
                .submit(() -> channel.unsafe().close(channel.voidPromise()))
                .sync();
        assertThat(next(serverEvents)).isEqualTo("closed");
    }

    @Test
    void aKeyMustBelongToItsCertificate() throws Exception {
        var one = authority.leaf(CLIENT);
        var other = authority.leaf(CLIENT);
        assertThatThrownBy(() -> TlsCredentials.of(one.chain(), other.key()))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("not that of the certificate");
    }
}
