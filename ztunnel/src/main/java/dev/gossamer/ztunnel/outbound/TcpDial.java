package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.relay.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Connects a captured connection as it is, without a tunnel. Confined to the connection's event loop. */
record TcpDial(OutboundConnection connection) {
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
        try {
            var _ = connection
                    .proxy()
                    .pod()
                    .sockets()
                    .dial(connection.loop(), target, RELAY_END)
                    .addListener(future -> onDialled((ChannelFuture) future));
        } catch (IOException e) {
            fail(e);
        }
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

    private void onDialled(ChannelFuture dialled) {
        if (!dialled.isSuccess()) {
            fail(dialled.cause());
        } else if (connection.isClosed()) {
            var _ = dialled.channel().close();
        } else {
            connection.begin(listener -> Relay.tcp(connection.client(), dialled.channel(), listener));
        }
    }

    private void fail(Throwable cause) {
        connection.fail(CloseCode.CONNECT_FAILURE, "connection failed: " + cause.getMessage());
    }
}
