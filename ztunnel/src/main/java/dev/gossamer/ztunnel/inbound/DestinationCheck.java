package dev.gossamer.ztunnel.inbound;

import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import dev.gossamer.ztunnel.config.ZtunnelConfig.Ports;
import dev.gossamer.ztunnel.state.MeshView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a CONNECT may mean the local workload, and which of its ports: a proxy must never become a way to
 * somewhere else.
 *
 * <p>Immutable.
 *
 * @param network of this node
 */
record DestinationCheck(String network, Ports ports) {

    /**
     * What is asked. Immutable.
     *
     * @param local the address on which the tunnel was accepted
     * @param forwarded the header of that name
     */
    record Request(
            String method,
            String authority,
            InetAddress local,
            @Nullable String forwarded) {}

    InboundDecision decide(MeshView view, @Nullable Workload workload, Request request) {
        if (!request.method.equals("CONNECT")) {
            return new InboundDecision.Refuse(400, "method not CONNECT: " + request.method);
        }
        var authority = Authority.parse(request.authority);
        if (authority == null) {
            return new InboundDecision.Refuse(400, "not an address and a port: " + request.authority);
        }
        if (workload == null) {
            return new InboundDecision.Refuse(503, "failed to fetch information about local workload");
        }
        return switch (authority) {
            case Authority.Address address -> toAddress(view, workload, request, address);
            case Authority.Host host -> toHost(view, workload, request, host);
        };
    }

    private InboundDecision toAddress(MeshView view, Workload workload, Request request, Authority.Address authority) {
        boolean ours = authority.address().equals(request.local)
                || workload.tunnel().application() != null
                || isWaypointOf(view, workload, request.local, authority.address());
        if (!ours) {
            return new InboundDecision.Refuse(
                    400,
                    "ip mismatch: " + request.local.getHostAddress() + " != "
                            + authority.address().getHostAddress());
        }
        return toPort(view, workload, request, authority.port());
    }

    private InboundDecision toHost(MeshView view, Workload workload, Request request, Authority.Host host) {
        var service = view.serviceByHostname(host.name(), workload.namespace());
        if (service == null) {
            return new InboundDecision.Refuse(503, "no service for target address: " + host);
        }
        int port = target(workload.services().getOrDefault(service.name(), List.of()), host.port());
        if (port == 0) {
            port = target(service.ports(), host.port());
        }
        return port == 0
                ? new InboundDecision.Refuse(503, "no port of service " + service.name() + " for " + host)
                : toPort(view, workload, request, port);
    }

    private InboundDecision toPort(MeshView view, Workload workload, Request request, int asked) {
        var application = workload.tunnel().application();
        if (application != null && application.protocol() == ApplicationTunnel.Protocol.PROXY) {
            return new InboundDecision.Refuse(
                    503, "workload " + workload.uid() + " wants the PROXY protocol, which this proxy does not speak");
        }
        int port = application == null || application.port() == 0 ? asked : application.port();
        if (ports.isIllegalDestination(port)) {
            return new InboundDecision.Refuse(503, "connection to a port of the proxy itself: " + port);
        }
        return new InboundDecision.Connect(
                new InetSocketAddress(request.local, port), meant(view, workload, request.forwarded, port));
    }

    private static int target(List<ServicePort> ports, int port) {
        for (var candidate : ports) {
            if (candidate.port() == port) {
                return candidate.targetPort();
            }
        }
        return 0;
    }

    /** Whether what has this address is reached through the local workload. */
    private boolean isWaypointOf(MeshView view, Workload workload, InetAddress local, InetAddress address) {
        var key = new NetworkAddress(network, address);
        var service = view.serviceAt(key, workload.namespace());
        if (service != null) {
            return leadsToUs(view, workload, local, service.waypoint())
                    || service.weightedWaypoints().stream()
                            .anyMatch(w -> leadsToUs(view, workload, local, w.destination()));
        }
        var other = view.workloadAt(key);
        return other != null && leadsToUs(view, workload, local, other.tunnel().waypoint());
    }

    private static boolean leadsToUs(
            MeshView view, Workload workload, InetAddress local, @Nullable GatewayAddress waypoint) {
        if (waypoint == null) {
            return false;
        }
        return switch (waypoint.destination()) {
            case GatewayAddress.Destination.Host(var name) ->
                workload.services().containsKey(name);
            case GatewayAddress.Destination.Address(var address) -> {
                var service = view.serviceAt(address, workload.namespace());
                yield service == null
                        ? address.address().equals(local)
                        : workload.services().containsKey(service.name());
            }
        };
    }

    /** The service that the client says it asked for, if it is one of ours; else the first that leads to the port. */
    static @Nullable Service meant(MeshView view, Workload workload, @Nullable String forwarded, int port) {
        var host = forwarded == null ? null : forwardedHost(forwarded);
        ServiceName first = null;
        for (Map.Entry<ServiceName, List<ServicePort>> entry :
                workload.services().entrySet()) {
            if (entry.getKey().hostname().equals(host)) {
                return view.service(entry.getKey());
            }
            boolean leads = entry.getValue().stream().anyMatch(p -> p.targetPort() == port);
            if (leads && (first == null || entry.getKey().compareTo(first) < 0)) {
                first = entry.getKey();
            }
        }
        return first == null ? null : view.service(first);
    }

    /** RFC 7239: {@code for="10.0.0.1:4000";host=name}. */
    private static @Nullable String forwardedHost(String forwarded) {
        for (var pair : forwarded.split(";", 8)) {
            var stripped = pair.strip();
            if (stripped.startsWith("host=")) {
                return stripped.substring("host=".length()).replace("\"", "");
            }
        }
        return null;
    }
}
