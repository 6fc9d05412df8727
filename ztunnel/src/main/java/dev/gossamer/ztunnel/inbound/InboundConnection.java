package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.policy.ConnectionAttributes;
import dev.gossamer.core.policy.Verdict;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.net.relay.CloseReason;
import dev.gossamer.net.relay.Relay;
import dev.gossamer.net.relay.RelayCounts;
import dev.gossamer.net.relay.RelayListener;
import dev.gossamer.ztunnel.pod.LiveConnection;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.pod.PodSockets;
import dev.gossamer.ztunnel.state.MeshView;
import dev.gossamer.ztunnel.telemetry.ConnectionFacts;
import dev.gossamer.ztunnel.telemetry.ConnectionReport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a local application, whichever way it came: judged, dialled, relayed, and judged again when the mesh
 * changes.
 *
 * <p>Confined to {@code loop}.
 */
final class InboundConnection implements LiveConnection, PodSockets.DialListener {
    /** As peers, logs and dashboards of the reference know it. */
    private static final String REJECTED = "connection closed due to policy rejection: ";

    private static final String CHANGED = "connection closed due to policy change";

    private static final ChannelInitializer<Channel> RELAY_END = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            Relay.configure(channel);
        }
    };

    /** The client's side, be it a stream or a socket. Called on the loop. */
    interface Client {
        /** Not allowed. */
        void deny();

        /** Allowed, but the application cannot be reached. */
        void unreachable();

        /** The application is there: starts to copy. */
        Relay start(Channel application, RelayListener listener);

        boolean isGone();

        /** Ends what has not begun to copy. */
        void abandon();
    }

    private final LocalPod pod;
    private final EventLoop loop;
    private final Client client;
    private final ConnectionAttributes attributes;
    private final ConnectionReport report;
    private final Authorization authorization;
    private @Nullable Relay relay;
    private boolean closed;

    InboundConnection(
            LocalPod pod,
            EventLoop loop,
            Client client,
            ConnectionAttributes attributes,
            ConnectionReport report,
            Authorization authorization) {
        this.pod = pod;
        this.loop = loop;
        this.client = client;
        this.attributes = attributes;
        this.report = report;
        this.authorization = authorization;
    }

    void connect(InetSocketAddress target) {
        pod.connections().add(this);
        if (verdict(pod.mesh().view()) instanceof Verdict.Deny deny) {
            close(CloseCode.of(deny), REJECTED + deny.message(), new RelayCounts(0, 0));
            client.deny();
            return;
        }
        pod.sockets().dialInNameOf(attributes.source(), loop, target, RELAY_END, this);
    }

    private Verdict verdict(MeshView view) {
        var workload = view.localWorkload(pod.key());
        // It left the mesh's books while it still runs: who came in may stay, as nobody says otherwise.
        return workload == null ? new Verdict.Allow("") : authorization.judge(view, workload, attributes);
    }

    @Override
    public void onConnected(Channel application) {
        if (closed || client.isGone()) {
            var _ = application.close();
            close(CloseCode.OK, null, new RelayCounts(0, 0));
        } else {
            relay = client.start(application, this::onRelayClosed);
        }
    }

    @Override
    public void onFailed(Throwable cause) {
        close(CloseCode.CONNECT_FAILURE, "connection failed: " + cause.getMessage(), new RelayCounts(0, 0));
        client.unreachable();
    }

    private void onRelayClosed(CloseReason reason, RelayCounts counts) {
        switch (reason) {
            case CloseReason.Finished _, CloseReason.Reset _ -> close(CloseCode.OK, null, counts);
            case CloseReason.TunnelLost lost ->
                close(CloseCode.CONNECT_FAILURE, "connection failed: " + lost.reason(), counts);
            case CloseReason.Cut cut ->
                close(cut.reason().equals(CHANGED) ? CloseCode.DENIED : CloseCode.OK, cut.reason(), counts);
            case CloseReason.Failed failed -> close(CloseCode.CONNECT_FAILURE, failed.reason(), counts);
        }
    }

    private void close(CloseCode code, @Nullable String error, RelayCounts counts) {
        if (!closed) {
            closed = true;
            pod.connections().remove(this);
            report.close(code, error, counts.fromClient(), counts.fromServer());
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public ConnectionFacts facts() {
        return report.facts();
    }

    @Override
    public void count() {
        if (relay != null) {
            var counts = relay.counts();
            report.count(counts.fromClient(), counts.fromServer());
        }
    }

    @Override
    public void review(MeshView view) {
        if (!closed && verdict(view) instanceof Verdict.Deny) {
            cut(CHANGED);
        }
    }

    @Override
    public void cut(String reason) {
        if (relay != null) {
            relay.cut(reason);
        } else if (!closed) {
            close(reason.equals(CHANGED) ? CloseCode.DENIED : CloseCode.OK, reason, new RelayCounts(0, 0));
            client.abandon();
        }
    }
}
