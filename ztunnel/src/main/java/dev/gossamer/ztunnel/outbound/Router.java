package dev.gossamer.ztunnel.outbound;

import dev.gossamer.core.balance.AddressChoice;
import dev.gossamer.core.balance.EndpointChoice;
import dev.gossamer.core.balance.TargetPort;
import dev.gossamer.core.balance.WeightedChoice;
import dev.gossamer.core.identity.InvalidIdentityException;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.telemetry.AccessRecord;
import dev.gossamer.core.telemetry.CloseCode;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Service.IpFamilies;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.ztunnel.outbound.RouteDecision.Upstream;
import dev.gossamer.ztunnel.state.MeshView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a captured connection goes: a function of what the mesh is, who asks for what, and chance.
 *
 * <p>Immutable.
 *
 * @param network of this node
 * @param hbonePort where node proxies listen for tunnels
 */
record Router(String network, int hbonePort) {

    /** Who connects to what. Immutable. */
    record Request(Workload client, InetAddress clientAddress, InetSocketAddress original) {
        NetworkAddress originalOn(String network) {
            return new NetworkAddress(network, original.getAddress());
        }
    }

    /** A gateway that can be dialled. Immutable. */
    private record Gateway(InetSocketAddress address, Workload workload, Set<SpiffeId> expected) {}

    RouteDecision decide(MeshView view, Request request, RandomGenerator random) {
        var address = request.originalOn(network);
        var service = view.serviceAt(address, request.client.namespace());
        // A workload of the same address hides a service, but only from the service's waypoint.
        var waypoint = service == null || view.workloadAt(address) != null ? null : waypointOf(service, random);
        if (waypoint != null) {
            return viaWaypoint(view, request, waypoint, service, random);
        }
        return service == null ? toWorkload(view, request, random) : toService(view, request, service, random);
    }

    private static @Nullable GatewayAddress waypointOf(Service service, RandomGenerator random) {
        var weighted = WeightedChoice.choose(service.weightedWaypoints(), Service.WeightedWaypoint::weight, random);
        return weighted == null ? service.waypoint() : weighted.destination();
    }

    private RouteDecision toService(MeshView view, Request request, Service service, RandomGenerator random) {
        int port = request.original.getPort();
        var endpoint = !TargetPort.isListed(service, port)
                ? null
                : EndpointChoice.choose(
                        service.loadBalancing(),
                        request.client,
                        view.endpoints(service.name()),
                        e -> TargetPort.of(service, e, port) != TargetPort.NONE && isReachable(e, service, request),
                        random);
        if (endpoint == null) {
            return EndpointChoice.passesThroughWithoutEndpoint(service.loadBalancing())
                    ? new RouteDecision.Passthrough(request.original, service)
                    : new RouteDecision.Error(
                            "no healthy upstream: " + AccessRecord.hostAndPort(request.original),
                            CloseCode.CONNECT_FAILURE,
                            service);
        }
        if (!endpoint.location().network().equals(network)) {
            return otherNetwork(endpoint, service);
        }
        return toUpstream(
                new Upstream(endpoint, service), TargetPort.of(service, endpoint, port), service.ipFamilies(), request);
    }

    private RouteDecision toWorkload(MeshView view, Request request, RandomGenerator random) {
        var workload = view.workloadAt(request.originalOn(network));
        if (workload == null) {
            return new RouteDecision.Passthrough(request.original, null);
        }
        var waypoint = workload.tunnel().waypoint();
        if (waypoint != null && !isFromWaypoint(view, request, waypoint)) {
            return viaWaypoint(view, request, waypoint, null, random);
        }
        return toUpstream(new Upstream(workload, null), request.original.getPort(), IpFamilies.AUTOMATIC, request);
    }

    private RouteDecision toUpstream(Upstream upstream, int port, IpFamilies families, Request request) {
        var location = upstream.workload().location();
        var address = AddressChoice.choose(location.addresses(), families, request.original.getAddress());
        boolean hbone = upstream.workload().tunnel().protocol() == Workload.Protocol.HBONE;
        if (address == null) {
            return hbone
                    ? new RouteDecision.Error(
                            "no ip addresses found: " + upstream.workload().uid(),
                            CloseCode.CONNECT_FAILURE,
                            upstream.service())
                    : new RouteDecision.Direct(InetSocketAddress.createUnresolved(location.hostname(), port), upstream);
        }
        var target = new InetSocketAddress(address, port);
        if (!hbone) {
            return new RouteDecision.Direct(target, upstream);
        }
        return new RouteDecision.Hbone(
                new InetSocketAddress(address, hbonePort),
                AccessRecord.hostAndPort(target),
                expected(upstream.service(), upstream.workload()),
                upstream);
    }

    private RouteDecision viaWaypoint(
            MeshView view,
            Request request,
            GatewayAddress reference,
            @Nullable Service service,
            RandomGenerator random) {
        var gateway = resolve(view, request, reference, random);
        if (gateway == null) {
            return new RouteDecision.Error(
                    "unknown waypoint: " + reference.destination(), CloseCode.CONNECT_FAILURE, service);
        }
        if (!gateway.workload.location().network().equals(network)) {
            return otherNetwork(gateway.workload, service);
        }
        return new RouteDecision.ViaWaypoint(
                gateway.address,
                AccessRecord.hostAndPort(request.original),
                gateway.expected,
                gateway.workload,
                service);
    }

    private @Nullable Gateway resolve(
            MeshView view, Request request, GatewayAddress reference, RandomGenerator random) {
        var service = serviceOf(view, request, reference);
        if (service != null) {
            return balance(view, request, service, reference.hbonePort(), random);
        }
        var workload =
                switch (reference.destination()) {
                    case GatewayAddress.Destination.Host(var name) -> view.workloadByHostname(name);
                    case GatewayAddress.Destination.Address(var address) -> view.workloadAt(address);
                };
        return workload == null ? null : gateway(workload, null, reference.hbonePort(), request);
    }

    private static @Nullable Service serviceOf(MeshView view, Request request, GatewayAddress reference) {
        return switch (reference.destination()) {
            case GatewayAddress.Destination.Host(var name) -> view.service(name);
            case GatewayAddress.Destination.Address(var address) -> view.serviceAt(address, request.client.namespace());
        };
    }

    private @Nullable Gateway balance(
            MeshView view, Request request, Service service, int port, RandomGenerator random) {
        var endpoint = EndpointChoice.choose(
                service.loadBalancing(),
                request.client,
                view.endpoints(service.name()),
                e -> TargetPort.ofWaypoint(service, e, port) != TargetPort.NONE && isReachable(e, service, request),
                random);
        return endpoint == null
                ? null
                : gateway(endpoint, service, TargetPort.ofWaypoint(service, endpoint, port), request);
    }

    private static @Nullable Gateway gateway(Workload workload, @Nullable Service service, int port, Request request) {
        var families = service == null ? IpFamilies.AUTOMATIC : service.ipFamilies();
        var address = AddressChoice.choose(workload.location().addresses(), families, request.original.getAddress());
        return address == null
                ? null
                : new Gateway(new InetSocketAddress(address, port), workload, expected(service, workload));
    }

    /** What a waypoint sends on to its workload must not come back to it. */
    private static boolean isFromWaypoint(MeshView view, Request request, GatewayAddress waypoint) {
        var service = serviceOf(view, request, waypoint);
        if (service != null) {
            return view.endpoints(service.name()).stream().anyMatch(endpoint -> isClient(endpoint, request));
        }
        var workload =
                switch (waypoint.destination()) {
                    case GatewayAddress.Destination.Host(var name) -> view.workloadByHostname(name);
                    case GatewayAddress.Destination.Address(var address) -> view.workloadAt(address);
                };
        return workload != null && isClient(workload, request);
    }

    private static boolean isClient(Workload candidate, Request request) {
        return candidate.location().addresses().contains(request.clientAddress)
                && candidate.identity().equals(request.client.identity());
    }

    private boolean isReachable(Workload endpoint, Service service, Request request) {
        var location = endpoint.location();
        if (!location.network().equals(network)) {
            return endpoint.tunnel().networkGateway() != null;
        }
        return AddressChoice.choose(location.addresses(), service.ipFamilies(), request.original.getAddress()) != null
                || location.addresses().isEmpty() && !location.hostname().isEmpty();
    }

    private static RouteDecision otherNetwork(Workload workload, @Nullable Service service) {
        var gateway = workload.tunnel().networkGateway();
        var reason = gateway == null
                ? "no gateway to network " + workload.location().network() + " of " + workload.uid()
                : "network " + workload.location().network() + " of " + workload.uid() + " is behind the gateway "
                        + gateway.destination() + ", and this proxy sends through no network gateway";
        return new RouteDecision.Error(reason, CloseCode.CONNECT_FAILURE, service);
    }

    private static Set<SpiffeId> expected(@Nullable Service service, Workload workload) {
        if (service == null || service.subjectAltNames().isEmpty()) {
            return Set.of(workload.identity());
        }
        var expected = new LinkedHashSet<SpiffeId>();
        for (var uri : service.subjectAltNames()) {
            try {
                expected.add(SpiffeId.parse(uri));
            } catch (InvalidIdentityException e) {
                // A name that is no workload's: no peer can present it, so it allows nobody.
                continue;
            }
        }
        expected.add(workload.identity());
        return expected;
    }
}
