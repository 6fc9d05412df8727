package dev.gossamer.control.translate;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.GatewayObject;
import dev.gossamer.control.observed.GatewayObject.Admission;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service.WeightedWaypoint;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the waypoint of a service or a workload.
 *
 * <p>The object's own label beats its namespace's, and there is no way back from it: an own waypoint that is missing or
 * not ready means none at all. As thread-safe as its lookup.
 */
public final class WaypointChoice {
    /** Waypoints listen here, whatever their Gateway's listener says. */
    private static final int HBONE_PORT = 15008;

    private static final String NONE = "none";

    private final GatewayLookup lookup;
    private final String network;

    public WaypointChoice(GatewayLookup lookup, String network) {
        this.lookup = lookup;
        this.network = network;
    }

    /** A name that labels ask for. {@code own}: by the object, not its namespace. Immutable. */
    public record Wish(ObjectName gateway, boolean own) {}

    /** What the object's labels, or else its namespace's, ask for. */
    public @Nullable Wish wish(String namespace, Map<String, String> labels) {
        var own = labels.get(MeshKeys.USE_WAYPOINT);
        if (own != null) {
            return wish(own, labels.getOrDefault(MeshKeys.USE_WAYPOINT_NAMESPACE, namespace), true);
        }
        var inherited = namespaceLabels(namespace);
        var name = inherited.get(MeshKeys.USE_WAYPOINT);
        return name == null
                ? null
                : wish(name, inherited.getOrDefault(MeshKeys.USE_WAYPOINT_NAMESPACE, namespace), false);
    }

    private static @Nullable Wish wish(String name, String namespace, boolean own) {
        return name.equals(NONE) || name.isEmpty() ? null : new Wish(new ObjectName(namespace, name), own);
    }

    /** For traffic addressed to a service. */
    public WaypointBinding forService(Metadata service) {
        var managed = service.label(MeshKeys.MANAGED);
        if ("istio.io-mesh-controller".equals(managed) || "istio.io-eastwest-controller".equals(managed)) {
            return WaypointBinding.UNBOUND;
        }
        var wish = wish(service.namespace(), service.labels());
        return wish == null ? WaypointBinding.UNBOUND : bind(wish.gateway(), service.namespace(), "service");
    }

    /** For traffic addressed to a workload itself. */
    public WaypointBinding forWorkload(String namespace, Map<String, String> labels) {
        if (waypointOf(namespace, labels) != null) {
            return WaypointBinding.UNBOUND;
        }
        var wish = wish(namespace, labels);
        if (wish == null) {
            return WaypointBinding.UNBOUND;
        }
        var binding = bind(wish.gateway(), namespace, "workload");
        // A namespace's label speaks for its services first, so a pod that merely inherits it has nothing to report.
        boolean unreported = !wish.own()
                && binding instanceof WaypointBinding.Refused(var _, var reason)
                && reason == WaypointBinding.Reason.UNSUPPORTED_TRAFFIC_TYPE;
        return unreported ? WaypointBinding.UNBOUND : binding;
    }

    /** The primary and the canary with their shares, where a service has both. */
    public List<WeightedWaypoint> weighted(Metadata service, WaypointBinding primary) {
        if (!(primary instanceof WaypointBinding.Bound(var primaryName, var primaryAddress))) {
            return List.of();
        }
        var canary = canary(service);
        var weight = weight(service);
        if (canary == null || weight == null || canary.equals(primaryName)) {
            return List.of();
        }
        var bound = bind(canary, service.namespace(), "service");
        return switch (bound) {
            case WaypointBinding.Bound(var _, var address) ->
                List.of(new WeightedWaypoint(primaryAddress, 100 - weight), new WeightedWaypoint(address, weight));
            case WaypointBinding.Unbound _, WaypointBinding.Refused _ -> List.of();
        };
    }

    /** Both gateways whose state decides about a service. */
    public List<ObjectName> wishesOf(Metadata service) {
        var wishes = new ArrayList<ObjectName>(2);
        var wish = wish(service.namespace(), service.labels());
        if (wish != null) {
            wishes.add(wish.gateway());
        }
        var canary = canary(service);
        if (canary != null) {
            wishes.add(canary);
        }
        return wishes;
    }

    private @Nullable ObjectName canary(Metadata service) {
        var labels = service.labels();
        var name = labels.get(MeshKeys.CANARY_WAYPOINT);
        if (name == null && !labels.containsKey(MeshKeys.USE_WAYPOINT)) {
            labels = namespaceLabels(service.namespace());
            name = labels.get(MeshKeys.CANARY_WAYPOINT);
        }
        if (name == null || name.isEmpty() || name.equals(NONE)) {
            return null;
        }
        return new ObjectName(labels.getOrDefault(MeshKeys.CANARY_WAYPOINT_NAMESPACE, service.namespace()), name);
    }

    /** The canary's share in percent; absent if what is written is none. */
    private @Nullable Integer weight(Metadata service) {
        var text = service.annotation(MeshKeys.CANARY_WAYPOINT_WEIGHT);
        if (text == null && service.label(MeshKeys.USE_WAYPOINT) == null) {
            var namespace = lookup.namespace(service.namespace());
            text = namespace == null ? null : namespace.metadata().annotation(MeshKeys.CANARY_WAYPOINT_WEIGHT);
        }
        if (text == null) {
            return 0;
        }
        try {
            int weight = Integer.parseInt(text);
            return weight < 0 || weight > 100 ? null : weight;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The waypoint that a pod with these labels is an instance of. */
    public @Nullable GatewayObject waypointOf(String namespace, Map<String, String> labels) {
        var name = labels.get(MeshKeys.GATEWAY_NAME);
        var gateway = name == null ? null : lookup.gateway(new ObjectName(namespace, name));
        return gateway == null || gateway.addresses().isEmpty() ? null : gateway;
    }

    /** How a waypoint's pods take connections from the node proxy before them: {@code PROXY}, {@code PROXY/<port>}. */
    public @Nullable ApplicationTunnel applicationTunnel(String namespace, Map<String, String> labels) {
        var gateway = waypointOf(namespace, labels);
        var binding = gateway == null ? null : gateway.metadata().annotation(MeshKeys.WAYPOINT_INBOUND_BINDING);
        if (gateway != null && binding == null) {
            var gatewayClass = lookup.gatewayClass(gateway.className());
            binding =
                    gatewayClass == null ? null : gatewayClass.metadata().annotation(MeshKeys.WAYPOINT_INBOUND_BINDING);
        }
        if (binding == null) {
            return null;
        }
        var parts = binding.split("/", 2);
        if (!parts[0].equals("PROXY")) {
            return null;
        }
        try {
            int port = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
            return port < 0 || port > 65535 ? null : new ApplicationTunnel(ApplicationTunnel.Protocol.PROXY, port);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private WaypointBinding bind(ObjectName name, String fromNamespace, String traffic) {
        var gateway = lookup.gateway(name);
        var address = gateway == null ? null : address(gateway);
        if (gateway == null || address == null) {
            return new WaypointBinding.Refused(name, WaypointBinding.Reason.NOT_READY);
        }
        if (!admits(gateway, fromNamespace)) {
            return new WaypointBinding.Refused(name, WaypointBinding.Reason.ATTACHMENT_DENIED);
        }
        var served = servedTraffic(gateway);
        if (!served.equals("all") && !served.equals(traffic)) {
            return new WaypointBinding.Refused(name, WaypointBinding.Reason.UNSUPPORTED_TRAFFIC_TYPE);
        }
        return new WaypointBinding.Bound(name, address);
    }

    private boolean admits(GatewayObject gateway, String fromNamespace) {
        return switch (gateway.admission()) {
            case Admission.Same() -> gateway.metadata().namespace().equals(fromNamespace);
            case Admission.All() -> true;
            case Admission.Matching(var selector) -> selector.matches(namespaceLabels(fromNamespace));
        };
    }

    private String servedTraffic(GatewayObject gateway) {
        var own = gateway.metadata().label(MeshKeys.WAYPOINT_FOR);
        if (own != null) {
            return own;
        }
        var gatewayClass = lookup.gatewayClass(gateway.className());
        var inherited = gatewayClass == null ? null : gatewayClass.metadata().label(MeshKeys.WAYPOINT_FOR);
        return inherited == null ? "service" : inherited;
    }

    /** A host name is preferred: it survives a change of address. */
    private @Nullable GatewayAddress address(GatewayObject gateway) {
        for (var address : gateway.addresses()) {
            if (address.hostname()) {
                var host = new ServiceName(gateway.metadata().namespace(), address.value());
                return new GatewayAddress(new GatewayAddress.Destination.Host(host), HBONE_PORT);
            }
        }
        for (var address : gateway.addresses()) {
            var ip = AddressText.parse(address.value());
            if (ip != null) {
                var destination = new GatewayAddress.Destination.Address(new NetworkAddress(network, ip));
                return new GatewayAddress(destination, HBONE_PORT);
            }
        }
        return null;
    }

    private Map<String, String> namespaceLabels(String name) {
        var namespace = lookup.namespace(name);
        return namespace == null ? Map.of() : namespace.metadata().labels();
    }
}
