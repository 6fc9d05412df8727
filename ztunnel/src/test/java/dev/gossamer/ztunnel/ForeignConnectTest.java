package dev.gossamer.ztunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.net.hbone.ConnectionEnd;
import dev.gossamer.net.hbone.ConnectionListener;
import dev.gossamer.net.hbone.HboneConfig;
import dev.gossamer.net.hbone.HboneConnection;
import dev.gossamer.net.hbone.HboneHeaders;
import dev.gossamer.net.hbone.HboneStream;
import dev.gossamer.net.hbone.StreamEnd;
import dev.gossamer.net.hbone.StreamListener;
import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.net.tls.TlsCredentials;
import dev.gossamer.net.tls.TlsHandler;
import dev.gossamer.pki.Svid;
import dev.gossamer.ztunnel.state.Mesh;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer with a good certificate that asks the server's proxy for what it should not get. */
final class ForeignConnectTest {
    private App app;
    private MeshOnLoopback mesh;

    @BeforeEach
    void start() throws Exception {
        app = App.echo("127.0.0.2");
        mesh = new MeshOnLoopback(app.address());
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
        app.close();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2:{app}, 200",
        "127.0.0.3:{app}, 400",
        "169.254.169.254:80, 400",
        "127.0.0.1:22, 400",
        "[::1]:22, 400",
        "garbage, 400",
        "127.0.0.2:0, 400",
        "unknown.example:80, 503",
        "127.0.0.2:1, 503",
    })
    void getsNothingButTheWorkloadItself(String authority, int status) throws Exception {
        var svid = MeshOnLoopback.issue(mesh.authority, Mesh.identity("client"), Duration.ofHours(1));
        var answer = connect(svid, authority.replace("{app}", "" + app.address().getPort()));

        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(status);
        if (status == 200) {
            MeshOnLoopback.await("the application to accept", () -> app.accepted() == 1);
        } else {
            assertThat(app.accepted()).isZero();
        }
    }

    @Test
    void getsNothingWithAnExpiredCertificate() throws Exception {
        var svid = MeshOnLoopback.issue(mesh.authority, Mesh.identity("client"), Duration.ofSeconds(1));
        MeshOnLoopback.await("the certificate to expire", () -> svid.notAfter().isBefore(Instant.now()));

        assertThat(connect(svid, "127.0.0.2:" + app.address().getPort()).get(20, TimeUnit.SECONDS))
                .isZero();
        mesh.awaitLog("server warn connection failed", "tls handshake error");
        assertThat(app.accepted()).isZero();
    }

    /** The status of the answer; 0 if the connection was refused or cut. */
    private CompletableFuture<Integer> connect(Svid svid, String authority) throws Exception {
        var answer = new CompletableFuture<Integer>();
        var credentials = TlsCredentials.of(svid.chain(), svid.privateKey());
        var connection =
                HboneConnection.client(HboneConfig.client(), new WindowBudget(8 << 20), new ConnectionListener() {
                    @Override
                    public void onEstablished(HboneConnection up) {
                        up.open(authority, HboneHeaders.NONE, new Answer(answer));
                    }

                    @Override
                    public void onClosed(HboneConnection gone, ConnectionEnd end) {
                        answer.complete(0);
                    }
                });
        new Bootstrap()
                .group(mesh.loops().group())
                .channelFactory(EpollSocketChannel::new)
                .option(ChannelOption.ALLOCATOR, mesh.loops().allocator())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(TlsHandler.client(
                                        credentials, chain -> Mesh.identity("server"), Duration.ofSeconds(5)))
                                .addLast(connection);
                    }
                })
                .connect(mesh.tunnelAddress())
                .sync();
        return answer;
    }

    private record Answer(CompletableFuture<Integer> status) implements StreamListener {
        @Override
        public void onResponse(HboneStream stream, int code, HboneHeaders headers) {
            status.complete(code);
            if (code == 200) {
                assertThat(headers.get("baggage"))
                        .isEqualTo("k8s.cluster.name=Kubernetes,k8s.namespace.name=shop,"
                                + "k8s.pod.name=server-deployment,service.name=server,service.version=v1");
            }
        }

        @Override
        public void onData(ByteBuf data) {
            data.release();
        }

        @Override
        public void onEnd() {}

        @Override
        public void onClosed(StreamEnd end) {
            status.complete(0);
        }
    }
}
