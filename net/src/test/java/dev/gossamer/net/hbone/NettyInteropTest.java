package dev.gossamer.net.hbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.net.loop.Loops;
import dev.gossamer.net.tls.TestCertificates;
import dev.gossamer.net.tls.TlsHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against Netty's own HTTP/2 on the JDK's own TLS: nothing at the other end is ours. */
final class NettyInteropTest {
    private static final SpiffeId IDENTITY = new SpiffeId("cluster.local", "shop", "cart");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BYTES = 5_000_000;

    private final Loops loops = Loops.start("interop", 2);
    private final byte[] content = new byte[BYTES];
    private final WindowBudget budget = new WindowBudget(16 << 20);
    private TestCertificates authority;
    private TestCertificates.Leaf leaf;

    @BeforeEach
    void start() throws Exception {
        new Random(5).nextBytes(content);
        authority = new TestCertificates();
        leaf = authority.leaf(IDENTITY);
    }

    @AfterEach
    void stop() {
        loops.close();
    }

    private SslContext jdkTls(boolean server) throws Exception {
        var chain = leaf.chain().toArray(java.security.cert.X509Certificate[]::new);
        var builder = server
                ? SslContextBuilder.forServer(leaf.key(), chain).clientAuth(ClientAuth.REQUIRE)
                : SslContextBuilder.forClient().keyManager(leaf.key(), chain).endpointIdentificationAlgorithm("");
        return builder.trustManager(authority.root())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
    }

    private ServerBootstrap server() {
        return new ServerBootstrap()
                .group(loops.group())
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, loops.allocator());
    }

    private Bootstrap client() {
        return new Bootstrap()
                .group(loops.group())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, loops.allocator());
    }

    private static ChannelInitializer<Channel> pipeline(java.util.function.Consumer<Channel> build) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                build.accept(channel);
            }
        };
    }

    /** Sends back what comes. */
    private static final class EchoStream implements StreamListener {
        private final HboneStream stream;

        EchoStream(HboneStream stream) {
            this.stream = stream;
        }

        @Override
        public void onData(ByteBuf data) {
            int bytes = data.readableBytes();
            stream.write(data);
            stream.consumed(bytes);
        }

        @Override
        public void onDataComplete() {
            stream.flush();
        }

        @Override
        public void onEnd() {
            stream.end();
        }

        @Override
        public void onClosed(StreamEnd end) {}
    }

    @Test
    void nettysClientTalksToOurServer() throws Exception {
        var credentials = leaf.credentials();
        var requests = new LinkedBlockingQueue<ConnectRequest>();
        var listener = server().childHandler(pipeline(channel -> channel.pipeline()
                        .addLast(TlsHandler.server(credentials, authority.check("cluster.local"), PATIENCE))
                        .addLast(HboneConnection.server(HboneConfig.server(), budget, (request, stream) -> {
                            requests.add(request);
                            stream.accept(HboneHeaders.of("baggage", "x"));
                            stream.listen(new EchoStream(stream));
                        }))))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        var tls = jdkTls(false);
        var connection = client().handler(pipeline(channel -> channel.pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(Http2FrameCodecBuilder.forClient().build())
                        .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))))
                .connect(listener.localAddress())
                .sync()
                .channel();

        var answer = new CompletableFuture<byte[]>();
        var stream = new Http2StreamChannelBootstrap(connection)
                .handler(new Collector(answer))
                .open()
                .sync()
                .getNow();
        stream.write(new DefaultHttp2HeadersFrame(
                new DefaultHttp2Headers().method("CONNECT").authority("10.0.0.1:80")));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(content), true));

        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        var request = requests.poll(1, TimeUnit.SECONDS);
        assertThat(request.authority()).isEqualTo("10.0.0.1:80");
        assertThat(request.peer()).isEqualTo(IDENTITY);
        connection.close().sync();
        listener.close().sync();
    }

    /** What a stream of Netty's brings. */
    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<byte[]> whole;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        Collector(CompletableFuture<byte[]> whole) {
            this.whole = whole;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2DataFrame data) {
                var bytes = new byte[data.content().readableBytes()];
                data.content().readBytes(bytes);
                heard.writeBytes(bytes);
                boolean end = data.isEndStream();
                data.release();
                if (end) {
                    whole.complete(heard.toByteArray());
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            whole.completeExceptionally(new IllegalStateException("closed after " + heard.size()));
        }
    }

    /** Netty's server, which sends back what comes. */
    private static final class NettyEcho extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame) {
                ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
            } else if (message instanceof Http2DataFrame data) {
                ctx.writeAndFlush(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
            }
        }
    }

    @Test
    void ourClientTalksToNettysServer() throws Exception {
        var tls = jdkTls(true);
        var listener = server().childHandler(pipeline(channel -> channel.pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(Http2FrameCodecBuilder.forServer().build())
                        .addLast(new Http2MultiplexHandler(
                                pipeline(stream -> stream.pipeline().addLast(new NettyEcho()))))))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        var credentials = leaf.credentials();
        var ended = new CompletableFuture<ConnectionEnd>();
        var established = new CompletableFuture<HboneConnection>();
        var connection = HboneConnection.client(HboneConfig.client(), budget, new ConnectionListener() {
            @Override
            public void onEstablished(HboneConnection up) {
                established.complete(up);
            }

            @Override
            public void onClosed(HboneConnection down, ConnectionEnd end) {
                established.completeExceptionally(new IllegalStateException(end.reason()));
                ended.complete(end);
            }
        });
        client().handler(pipeline(channel -> channel.pipeline()
                        .addLast(TlsHandler.client(credentials, authority.check("cluster.local"), PATIENCE))
                        .addLast(connection)))
                .connect(listener.localAddress())
                .sync();
        established.get(10, TimeUnit.SECONDS);

        var streams = List.of(new Sending(connection), new Sending(connection), new Sending(connection));
        for (var stream : streams) {
            connection.channel().eventLoop().submit(stream::start).sync();
        }
        for (var stream : streams) {
            assertThat(stream.whole.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        }
        connection.channel().eventLoop().submit(connection::drain).sync();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new ConnectionEnd.Finished());
        listener.close().sync();
    }

    /** Sends the content as fast as it may, and collects the echo. */
    private final class Sending implements StreamListener {
        final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final HboneConnection connection;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private HboneStream stream;
        private int sent;

        Sending(HboneConnection connection) {
            this.connection = connection;
        }

        void start() {
            stream = connection.open("10.0.0.1:80", HboneHeaders.NONE, this);
        }

        @Override
        public void onResponse(HboneStream answered, int status, HboneHeaders headers) {
            send();
        }

        private void send() {
            while (sent < content.length && stream.isWritable()) {
                int length = Math.min(10_000, content.length - sent);
                stream.write(Unpooled.copiedBuffer(content, sent, length));
                sent += length;
            }
            if (sent == content.length) {
                stream.end();
            }
            stream.flush();
        }

        @Override
        public void onWritable() {
            send();
        }

        @Override
        public void onData(ByteBuf data) {
            var bytes = new byte[data.readableBytes()];
            data.readBytes(bytes);
            data.release();
            heard.writeBytes(bytes);
            stream.consumed(bytes.length);
        }

        @Override
        public void onEnd() {
            whole.complete(heard.toByteArray());
        }

        @Override
        public void onClosed(StreamEnd end) {
            whole.completeExceptionally(new IllegalStateException(end.toString()));
        }
    }
}
