package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.hbone.ConnectionEnd;
import dev.gossamer.net.hbone.ErrorCode;
import dev.gossamer.net.hbone.HboneConnection;
import dev.gossamer.net.hbone.HboneHeaders;
import dev.gossamer.net.hbone.HboneStream;
import dev.gossamer.net.hbone.StreamEnd;
import dev.gossamer.net.hbone.StreamListener;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.ztunnel.pod.Certificates;
import dev.gossamer.ztunnel.pod.WorkloadTls;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects a captured connection through a tunnel. Confined to the connection's event loop. */
final class TunnelDial {
    /** A pooled tunnel may have died unnoticed; a fresh one has not. */
    private static final int TRIES = 2;

    private final OutboundConnection connection;
    private final TunnelPool.Peer peer;
    private final String authority;
    private final HboneHeaders headers;
    private int tries;

    TunnelDial(OutboundConnection connection, TunnelPool.Peer peer, String authority, HboneHeaders headers) {
        this.connection = connection;
        this.peer = peer;
        this.authority = authority;
        this.headers = headers;
    }

    void connect() {
        connection.proxy().pod().certificates().get(peer.source(), connection.loop(), outcome -> {
            switch (outcome) {
                case Certificates.Outcome.Ready(var tls) -> acquire(tls);
                case Certificates.Outcome.Unavailable(var reason) ->
                    connection.fail(CloseCode.IDENTITY_ERROR, "identity error: " + reason);
            }
        });
    }

    private void acquire(WorkloadTls tls) {
        if (connection.isClosed()) {
            return;
        }
        tries++;
        connection.proxy().pool(connection.loop()).acquire(peer, tls, outcome -> {
            switch (outcome) {
                case TunnelOutcome.Ready(var tunnel) -> open(tunnel);
                case TunnelOutcome.Failed(var code, var reason) -> connection.fail(code, reason);
            }
        });
    }

    private void open(HboneConnection tunnel) {
        if (!connection.isClosed()) {
            var attempt = new Attempt();
            attempt.stream = tunnel.open(authority, headers, attempt);
            attempt.watch();
        }
    }

    private void onRefused(StreamEnd end) {
        boolean again =
                switch (end) {
                    case StreamEnd.Refused _ -> true;
                    case StreamEnd.ConnectionEnded(var why) ->
                        why instanceof ConnectionEnd.Lost || why instanceof ConnectionEnd.Finished;
                    case StreamEnd.Finished _, StreamEnd.Reset _, StreamEnd.Violated _ -> false;
                };
        if (again && tries < TRIES) {
            connect();
            return;
        }
        var reason =
                switch (end) {
                    case StreamEnd.Refused _ -> "the peer takes no more streams";
                    case StreamEnd.ConnectionEnded(var why) -> why.reason();
                    case StreamEnd.Finished _ -> "the stream ended before it was answered";
                    case StreamEnd.Reset(var code) -> "stream reset by the peer: " + code;
                    case StreamEnd.Violated(var what) -> what;
                };
        connection.fail(CloseCode.CONNECT_FAILURE, "connection failed: " + reason);
    }

    /** One CONNECT, until it is answered. */
    private final class Attempt implements StreamListener {
        private @Nullable HboneStream stream;
        private @Nullable ScheduledFuture<?> timeout;
        private boolean done;

        void watch() {
            if (done) {
                return;
            }
            var limit = connection.proxy().config().sockets().connectTimeout();
            timeout = connection
                    .loop()
                    .schedule(
                            () -> abandon("no answer to CONNECT within " + limit.toSeconds() + " s"),
                            limit.toMillis(),
                            TimeUnit.MILLISECONDS);
            connection.whenClientGone(() -> abandon(null));
        }

        @Override
        public void onResponse(HboneStream answered, int status, HboneHeaders answer) {
            if (!finish()) {
                return;
            }
            if (status != 200) {
                var code = status == 401 || status == 403 ? CloseCode.DENIED : CloseCode.CONNECT_FAILURE;
                connection.fail(code, "http status: " + HttpStatus.text(status));
            } else if (connection.isClosed()) {
                answered.reset(ErrorCode.CANCEL);
            } else {
                connection.begin(listener -> Relay.intoTunnel(connection.client(), answered, listener));
            }
        }

        @Override
        public void onData(ByteBuf data) {
            // The peer was refused or has not answered: it can have nothing to say.
            data.release();
        }

        @Override
        public void onEnd() {
            // onClosed tells what it means.
        }

        @Override
        public void onClosed(StreamEnd end) {
            if (finish()) {
                onRefused(end);
            }
        }

        private void abandon(@Nullable String reason) {
            if (finish()) {
                if (stream != null) {
                    stream.reset(ErrorCode.CANCEL);
                }
                connection.fail(reason == null ? CloseCode.OK : CloseCode.CONNECT_FAILURE, reason);
            }
        }

        private boolean finish() {
            boolean first = !done;
            done = true;
            if (timeout != null) {
                timeout.cancel(false);
            }
            return first;
        }
    }
}
