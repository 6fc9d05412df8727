package dev.gossamer.net.relay;

import dev.gossamer.net.hbone.HboneStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Copies bytes both ways between two ends until both directions have ended or one breaks.
 *
 * <p>Nothing is copied in memory and nothing is queued here: an end that takes no more stops the reading from the other
 * one. An end of input is passed on alone; a break is passed on as a break, so that a cut connection never looks like a
 * whole one. Confined to the event loop of both ends, which is the same.
 */
public final class Relay {
    private final RelayEnd client;
    private final RelayEnd server;
    private final RelayListener listener;

    private long fromClient;
    private long fromServer;
    private State state = new State.Open();

    private sealed interface State {
        record Open() implements State {}

        /** {@code finished} will send no more. */
        record HalfClosed(Side finished) implements State {}

        record Closed() implements State {}
    }

    private Relay(RelayEnd client, RelayEnd server, RelayListener listener) {
        this.client = client;
        this.server = server;
        this.listener = listener;
    }

    /**
     * Makes a channel fit to be one end of a relay, while it is being initialised: it reads nothing until the relay
     * starts, and what comes all the same is kept for it. Any other handler goes before.
     */
    public static void configure(Channel channel) {
        TcpEnd.configure(channel);
    }

    /** Between two TCP channels on one loop, both {@linkplain #configure configured}. */
    public static Relay tcp(Channel client, Channel server, RelayListener listener) {
        return start(TcpEnd.of(client), TcpEnd.of(server), listener);
    }

    /** From an accepted TCP channel into a tunnel. */
    public static Relay intoTunnel(Channel client, HboneStream server, RelayListener listener) {
        return start(TcpEnd.of(client), new TunnelEnd(server), listener);
    }

    /** Out of a tunnel, to a dialled TCP channel. */
    public static Relay outOfTunnel(HboneStream client, Channel server, RelayListener listener) {
        return start(new TunnelEnd(client), TcpEnd.of(server), listener);
    }

    /** From one tunnel into another. */
    public static Relay betweenTunnels(HboneStream client, HboneStream server, RelayListener listener) {
        return start(new TunnelEnd(client), new TunnelEnd(server), listener);
    }

    private static Relay start(RelayEnd client, RelayEnd server, RelayListener listener) {
        var relay = new Relay(client, server, listener);
        client.start(relay, Side.CLIENT);
        if (!relay.isClosed()) {
            server.start(relay, Side.SERVER);
        }
        return relay;
    }

    /** Bytes so far. */
    public RelayCounts counts() {
        return new RelayCounts(fromClient, fromServer);
    }

    public boolean isClosed() {
        return state instanceof State.Closed;
    }

    /** Breaks both ends off, for a reason of this program's. */
    public void cut(String reason) {
        close(new CloseReason.Cut(reason));
    }

    // what the ends tell

    /** {@code data}: owned by the relay now. */
    void onData(Side from, ByteBuf data) {
        if (isClosed()) {
            data.release();
            return;
        }
        int bytes = data.readableBytes();
        if (from == Side.CLIENT) {
            fromClient += bytes;
        } else {
            fromServer += bytes;
        }
        var to = end(from.other());
        to.write(data);
        if (!to.isWritable()) {
            end(from).pause();
        }
    }

    void onDataComplete(Side from) {
        if (isClosed()) {
            return;
        }
        var to = end(from.other());
        to.flush();
        if (to.isWritable()) {
            end(from).resume();
        }
    }

    void onWritable(Side to) {
        if (!isClosed()) {
            end(to.other()).resume();
        }
    }

    /** {@code from} will send no more; all that it sent has been passed on. */
    void onEndOfInput(Side from) {
        switch (state) {
            case State.Open() -> {
                state = new State.HalfClosed(from);
                end(from.other()).endOutput();
            }
            case State.HalfClosed(var first) when first == from -> {
                // Told twice.
            }
            case State.HalfClosed _ -> {
                state = new State.Closed();
                end(from.other()).endOutput();
                client.finish();
                server.finish();
                listener.onClosed(new CloseReason.Finished(), counts());
            }
            case State.Closed() -> {}
        }
    }

    /** One of the ends is of no more use; then neither is the other. */
    void close(CloseReason reason) {
        if (isClosed()) {
            return;
        }
        state = new State.Closed();
        client.abort();
        server.abort();
        listener.onClosed(reason, counts());
    }

    private RelayEnd end(Side side) {
        return side == Side.CLIENT ? client : server;
    }
}
