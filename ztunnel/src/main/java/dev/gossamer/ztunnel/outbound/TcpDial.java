package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.ztunnel.pod.PodSockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Connects a captured connection as it is, without a tunnel. Confined to the connection's event loop. */
record TcpDial(OutboundConnection connection) implements PodSockets.DialListener {
    private static final ChannelInitializer<Channel> RELAY_END = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            Relay.configure(channel);
        }
    };

    void connect(InetSocketAddress target) {
        if (target.isUnresolved()) {
            resolve(target);
            return;
        }
        connection.proxy().pod().sockets().dial(connection.loop(), target, RELAY_END, this);
    }

    /** By the node's resolver, which may wait: on a virtual thread. */
    private void resolve(InetSocketAddress target) {
        Thread.ofVirtual().name("resolve").start(() -> {
            try {
                var address = InetAddress.getByName(target.getHostString());
                connection.loop().execute(() -> connect(new InetSocketAddress(address, target.getPort())));
            } catch (UnknownHostException e) {
                connection
                        .loop()
                        .execute(() -> connection.fail(
                                CloseCode.CONNECT_FAILURE, "dns lookup failed: " + target.getHostString()));
            }
        });
    }

    @Override
    public void onConnected(Channel upstream) {
        if (connection.isClosed()) {
            var _ = upstream.close();
        } else {
            connection.begin(listener -> Relay.tcp(connection.client(), upstream, listener));
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        connection.fail(CloseCode.CONNECT_FAILURE, "connection failed: " + cause.getMessage());
    }
}
