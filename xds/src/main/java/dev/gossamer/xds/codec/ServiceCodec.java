package dev.gossamer.xds.codec;

import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.proto.WorkloadProto;
import java.util.ArrayList;

/** Services. Stateless. */
final class ServiceCodec {
    private ServiceCodec() {}

    static Service decode(WorkloadProto.Service message) throws InvalidResourceException {
        var addresses = new ArrayList<VirtualAddress>();
        for (var address : message.getAddressesList()) {
            addresses.add(Addresses.decodeVirtual(address));
        }
        var waypoints = new ArrayList<Service.WeightedWaypoint>();
        for (var waypoint : message.getWeightedWaypointsList()) {
            if (!waypoint.hasDestination()) {
                throw new InvalidResourceException("a weighted waypoint without a destination");
            }
            waypoints.add(new Service.WeightedWaypoint(
                    Addresses.decode(waypoint.getDestination(), "weighted waypoint"),
                    Integer.toUnsignedLong(waypoint.getWeight())));
        }
        return new Service(
                new ServiceName(message.getNamespace(), message.getHostname()),
                message.getName(),
                addresses,
                Ports.decode(message.getPortsList()),
                message.getSubjectAltNamesList(),
                Addresses.decodeOptional(message.hasWaypoint(), message.getWaypoint(), "waypoint"),
                waypoints,
                message.hasLoadBalancing() ? decode(message.getLoadBalancing()) : LoadBalancing.DEFAULT,
                ipFamilies(message),
                message.getCanonical(),
                message.getVisibility() == WorkloadProto.Visibility.NAMESPACE
                        ? Service.Visibility.NAMESPACE
                        : Service.Visibility.PUBLIC);
    }

    static WorkloadProto.Service encode(Service service) {
        var message = WorkloadProto.Service.newBuilder()
                .setName(service.displayName())
                .setNamespace(service.name().namespace())
                .setHostname(service.name().hostname())
                .addAllSubjectAltNames(service.subjectAltNames())
                .setCanonical(service.canonical())
                .setIpFamilies(ipFamilies(service.ipFamilies()))
                .setVisibility(
                        switch (service.visibility()) {
                            case PUBLIC -> WorkloadProto.Visibility.PUBLIC;
                            case NAMESPACE -> WorkloadProto.Visibility.NAMESPACE;
                        });
        service.addresses().forEach(address -> message.addAddresses(Addresses.encode(address)));
        service.ports().forEach(port -> message.addPorts(Ports.encode(port)));
        var waypoint = service.waypoint();
        if (waypoint != null) {
            message.setWaypoint(Addresses.encode(waypoint));
        }
        for (var weighted : service.weightedWaypoints()) {
            message.addWeightedWaypoints(WorkloadProto.WeightedWaypoint.newBuilder()
                    .setDestination(Addresses.encode(weighted.destination()))
                    .setWeight((int) weighted.weight()));
        }
        if (!service.loadBalancing().equals(LoadBalancing.DEFAULT)) {
            message.setLoadBalancing(encode(service.loadBalancing()));
        }
        return message.build();
    }

    private static LoadBalancing decode(WorkloadProto.LoadBalancing message) throws InvalidResourceException {
        var scopes = new ArrayList<LoadBalancing.Scope>();
        for (int i = 0; i < message.getRoutingPreferenceCount(); i++) {
            scopes.add(
                    switch (message.getRoutingPreference(i)) {
                        case REGION -> LoadBalancing.Scope.REGION;
                        case ZONE -> LoadBalancing.Scope.ZONE;
                        case SUBZONE -> LoadBalancing.Scope.SUBZONE;
                        case NODE -> LoadBalancing.Scope.NODE;
                        case CLUSTER -> LoadBalancing.Scope.CLUSTER;
                        case NETWORK -> LoadBalancing.Scope.NETWORK;
                        case UNSPECIFIED_SCOPE, UNRECOGNIZED ->
                            throw Addresses.unknown("load balancing scope", message.getRoutingPreferenceValue(i));
                    });
        }
        var mode =
                switch (message.getMode()) {
                    case UNSPECIFIED_MODE -> LoadBalancing.Mode.UNSPECIFIED;
                    case STRICT -> LoadBalancing.Mode.STRICT;
                    case FAILOVER -> LoadBalancing.Mode.FAILOVER;
                    case PASSTHROUGH -> LoadBalancing.Mode.PASSTHROUGH;
                    case UNRECOGNIZED -> throw Addresses.unknown("load balancing mode", message.getModeValue());
                };
        var health =
                switch (message.getHealthPolicy()) {
                    case ONLY_HEALTHY -> LoadBalancing.HealthPolicy.ONLY_HEALTHY;
                    case ALLOW_ALL -> LoadBalancing.HealthPolicy.ALLOW_ALL;
                    case UNRECOGNIZED -> throw Addresses.unknown("health policy", message.getHealthPolicyValue());
                };
        return new LoadBalancing(scopes, mode, health);
    }

    private static WorkloadProto.LoadBalancing encode(LoadBalancing balancing) {
        var message = WorkloadProto.LoadBalancing.newBuilder()
                .setMode(
                        switch (balancing.mode()) {
                            case UNSPECIFIED -> WorkloadProto.LoadBalancing.Mode.UNSPECIFIED_MODE;
                            case STRICT -> WorkloadProto.LoadBalancing.Mode.STRICT;
                            case FAILOVER -> WorkloadProto.LoadBalancing.Mode.FAILOVER;
                            case PASSTHROUGH -> WorkloadProto.LoadBalancing.Mode.PASSTHROUGH;
                        })
                .setHealthPolicy(
                        switch (balancing.healthPolicy()) {
                            case ONLY_HEALTHY -> WorkloadProto.LoadBalancing.HealthPolicy.ONLY_HEALTHY;
                            case ALLOW_ALL -> WorkloadProto.LoadBalancing.HealthPolicy.ALLOW_ALL;
                        });
        for (var scope : balancing.routingPreference()) {
            message.addRoutingPreference(
                    switch (scope) {
                        case REGION -> WorkloadProto.LoadBalancing.Scope.REGION;
                        case ZONE -> WorkloadProto.LoadBalancing.Scope.ZONE;
                        case SUBZONE -> WorkloadProto.LoadBalancing.Scope.SUBZONE;
                        case NODE -> WorkloadProto.LoadBalancing.Scope.NODE;
                        case CLUSTER -> WorkloadProto.LoadBalancing.Scope.CLUSTER;
                        case NETWORK -> WorkloadProto.LoadBalancing.Scope.NETWORK;
                    });
        }
        return message.build();
    }

    private static Service.IpFamilies ipFamilies(WorkloadProto.Service message) throws InvalidResourceException {
        return switch (message.getIpFamilies()) {
            case AUTOMATIC -> Service.IpFamilies.AUTOMATIC;
            case IPV4_ONLY -> Service.IpFamilies.IPV4_ONLY;
            case IPV6_ONLY -> Service.IpFamilies.IPV6_ONLY;
            case DUAL -> Service.IpFamilies.DUAL;
            case UNRECOGNIZED -> throw Addresses.unknown("IP families", message.getIpFamiliesValue());
        };
    }

    private static WorkloadProto.IPFamilies ipFamilies(Service.IpFamilies families) {
        return switch (families) {
            case AUTOMATIC -> WorkloadProto.IPFamilies.AUTOMATIC;
            case IPV4_ONLY -> WorkloadProto.IPFamilies.IPV4_ONLY;
            case IPV6_ONLY -> WorkloadProto.IPFamilies.IPV6_ONLY;
            case DUAL -> WorkloadProto.IPFamilies.DUAL;
        };
    }
}
