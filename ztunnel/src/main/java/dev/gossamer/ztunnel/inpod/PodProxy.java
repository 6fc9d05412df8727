package dev.gossamer.ztunnel.inpod;

import dev.gossamer.net.hbone.WindowBudget;
import dev.gossamer.ztunnel.config.ZtunnelConfig;
import dev.gossamer.ztunnel.inbound.HboneServer;
import dev.gossamer.ztunnel.inbound.PlaintextServer;
import dev.gossamer.ztunnel.outbound.OutboundProxy;
import dev.gossamer.ztunnel.pod.LiveConnection;
import dev.gossamer.ztunnel.pod.LocalPod;
import dev.gossamer.ztunnel.telemetry.Reports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** All that is open for one workload: its three listeners and the connections that came through them. Thread-safe. */
public final class PodProxy {
    private final LocalPod pod;
    private final OutboundProxy outbound;
    private final HboneServer inbound;
    private final PlaintextServer plaintext;
    private final List<Channel> listeners = new CopyOnWriteArrayList<>();

    private PodProxy(
            LocalPod pod,
            ZtunnelConfig config,
            Reports reports,
            WindowBudget budget,
            Function<EpollSocketChannel, InetSocketAddress> originalDestination) {
        this.pod = pod;
        this.outbound = new OutboundProxy(pod, config, reports, budget, originalDestination);
        this.inbound = new HboneServer(pod, config, reports, budget);
        this.plaintext = new PlaintextServer(pod, config, reports, originalDestination);
    }

    /**
     * Starts to listen. May wait: not for event loops.
     *
     * @throws IOException if a port is taken, or the pod's namespace is gone; nothing is left open then
     */
    public static PodProxy start(
            LocalPod pod,
            ZtunnelConfig config,
            Reports reports,
            WindowBudget budget,
            Function<EpollSocketChannel, InetSocketAddress> originalDestination)
            throws IOException, InterruptedException {
        var proxy = new PodProxy(pod, config, reports, budget, originalDestination);
        try {
            var ports = config.ports();
            // Inbound first: once traffic is captured, what comes in must find somebody.
            proxy.listen(ports.inbound(), proxy.inbound.onAccepted());
            proxy.listen(ports.inboundPlaintext(), proxy.plaintext.onAccepted());
            proxy.listen(ports.outbound(), proxy.outbound.onAccepted());
            return proxy;
        } catch (IOException | InterruptedException | RuntimeException e) {
            proxy.stopListening();
            throw e;
        }
    }

    private void listen(int port, ChannelHandler onAccepted) throws IOException, InterruptedException {
        listeners.add(pod.sockets().listen(port, onAccepted));
    }

    public LocalPod pod() {
        return pod;
    }

    /** Where it listens: HBONE, plaintext, outbound. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream()
                .map(listener -> (InetSocketAddress) listener.localAddress())
                .toList();
    }

    /** Takes nothing new; what is open goes on until it ends by itself or {@link #cut} is called. */
    public void drain() {
        stopListening();
        outbound.drain();
        inbound.drain();
    }

    /** Ends what is still open. */
    public void cut(String reason) {
        pod.connections().forEach(connection -> connection.cut(reason));
    }

    /** Counts the bytes of open connections. */
    public void count() {
        pod.connections().forEach(LiveConnection::count);
    }

    private void stopListening() {
        listeners.forEach(listener -> {
            var _ = listener.close();
        });
    }
}
