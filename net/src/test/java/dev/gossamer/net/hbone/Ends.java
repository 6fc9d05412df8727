package dev.gossamer.net.hbone;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.net.tls.TlsEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A client and a server without TLS and without a network, and the bytes between them. */
final class Ends {
    static final SpiffeId CLIENT = new SpiffeId("cluster.local", "shop", "cart");
    static final SpiffeId SERVER = new SpiffeId("cluster.local", "shop", "stock");

    final List<HboneStream> accepted = new ArrayList<>();
    final List<ConnectRequest> requests = new ArrayList<>();
    final List<ConnectionEnd> clientEnds = new ArrayList<>();
    final List<ConnectionEnd> serverEnds = new ArrayList<>();
    final HboneConnection client;
    final HboneConnection server;
    final EmbeddedChannel clientChannel;
    final EmbeddedChannel serverChannel;
    final WindowBudget budget;
    boolean draining;

    Ends() {
        this(new WindowBudget(32 << 20));
    }

    Ends(WindowBudget budget) {
        this.budget = budget;
        server = HboneConnection.server(config(HboneConfig.server()), budget, new ConnectHandler() {
            @Override
            public void onConnect(ConnectRequest request, HboneStream stream) {
                requests.add(request);
                accepted.add(stream);
            }

            @Override
            public void onClosed(HboneConnection connection, ConnectionEnd end) {
                serverEnds.add(end);
            }
        });
        client = HboneConnection.client(config(HboneConfig.client()), budget, new ConnectionListener() {
            @Override
            public void onEstablished(HboneConnection connection) {}

            @Override
            public void onDraining(HboneConnection connection) {
                draining = true;
            }

            @Override
            public void onClosed(HboneConnection connection, ConnectionEnd end) {
                clientEnds.add(end);
            }
        });
        serverChannel = new EmbeddedChannel(server);
        clientChannel = new EmbeddedChannel(client);
    }

    private static HboneConfig config(HboneConfig base) {
        return new HboneConfig(
                base.streamWindowBytes(),
                base.connectionWindowBytes(),
                base.frameBytes(),
                base.streams(),
                base.headerListBytes(),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1));
    }

    Ends establish() {
        serverChannel.pipeline().fireUserEventTriggered(new TlsEvent.Established(CLIENT, List.of()));
        clientChannel.pipeline().fireUserEventTriggered(new TlsEvent.Established(SERVER, List.of()));
        settle();
        return this;
    }

    /** Carries bytes until neither side has anything more to say. */
    void settle() {
        while (carry(clientChannel, serverChannel, null) | carry(serverChannel, clientChannel, null)) {
            // again
        }
    }

    /** Carries what there is, cut at random. Returns whether there was anything. */
    static boolean carry(EmbeddedChannel from, EmbeddedChannel to, Random cuts) {
        from.runPendingTasks();
        boolean any = false;
        for (ByteBuf bytes; (bytes = from.readOutbound()) != null; ) {
            any = true;
            if (cuts == null) {
                deliver(to, bytes);
                continue;
            }
            while (bytes.isReadable()) {
                deliver(to, bytes.readRetainedSlice(1 + cuts.nextInt(Math.min(bytes.readableBytes(), 5000))));
            }
            bytes.release();
        }
        to.runPendingTasks();
        return any;
    }

    private static void deliver(EmbeddedChannel to, ByteBuf bytes) {
        if (to.isOpen()) {
            // Like TLS: the connection gets a buffer of its own.
            var copy = to.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
            to.writeInbound(copy);
        } else {
            bytes.release();
        }
    }

    void close() {
        clientChannel.finishAndReleaseAll();
        serverChannel.finishAndReleaseAll();
    }
}
