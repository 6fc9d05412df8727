package dev.gossamer.xds.codec;

import com.google.protobuf.UInt32Value;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.core.workload.Workload.ApplicationTunnel;
import dev.gossamer.proto.WorkloadProto;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workloads. Stateless. */
final class WorkloadCodec {
    private static final String DEFAULT_SERVICE_ACCOUNT = "default";

    private WorkloadCodec() {}

    static Workload decode(WorkloadProto.Workload message) throws InvalidResourceException {
        return new Workload(
                message.getUid(),
                owner(message),
                location(message),
                tunnel(message),
                new Workload.Description(
                        message.getWorkloadName(),
                        type(message.getWorkloadType()),
                        message.getCanonicalName(),
                        message.getCanonicalRevision()),
                message.getAuthorizationPoliciesList(),
                switch (message.getStatus()) {
                    case HEALTHY -> Workload.Status.HEALTHY;
                    case UNHEALTHY -> Workload.Status.UNHEALTHY;
                    case UNRECOGNIZED -> throw Addresses.unknown("workload status", message.getStatusValue());
                },
                services(message),
                capacity(message));
    }

    static WorkloadProto.Workload encode(Workload workload) {
        var message = WorkloadProto.Workload.newBuilder()
                .setUid(workload.uid())
                .addAllAuthorizationPolicies(workload.policies())
                .setStatus(
                        switch (workload.status()) {
                            case HEALTHY -> WorkloadProto.WorkloadStatus.HEALTHY;
                            case UNHEALTHY -> WorkloadProto.WorkloadStatus.UNHEALTHY;
                        });
        encode(workload.owner(), message);
        encode(workload.location(), message);
        encode(workload.tunnel(), message);
        encode(workload.description(), message);
        workload.services().forEach((service, ports) -> {
            var list = WorkloadProto.PortList.newBuilder();
            ports.forEach(port -> list.addPorts(Ports.encode(port)));
            message.putServices(service.toString(), list.build());
        });
        if (workload.capacity() != Workload.DEFAULT_CAPACITY) {
            message.setCapacity(UInt32Value.of(workload.capacity()));
        }
        return message.build();
    }

    private static Workload.Owner owner(WorkloadProto.Workload message) {
        return new Workload.Owner(
                message.getName(),
                message.getNamespace(),
                orDefault(message.getServiceAccount(), DEFAULT_SERVICE_ACCOUNT),
                orDefault(message.getTrustDomain(), SpiffeId.DEFAULT_TRUST_DOMAIN),
                orDefault(message.getClusterId(), Workload.DEFAULT_CLUSTER));
    }

    private static void encode(Workload.Owner owner, WorkloadProto.Workload.Builder message) {
        message.setName(owner.name())
                .setNamespace(owner.namespace())
                .setServiceAccount(owner.serviceAccount())
                .setClusterId(owner.cluster());
        if (!owner.trustDomain().equals(SpiffeId.DEFAULT_TRUST_DOMAIN)) {
            message.setTrustDomain(owner.trustDomain());
        }
    }

    private static Workload.Location location(WorkloadProto.Workload message) throws InvalidResourceException {
        var addresses = new ArrayList<InetAddress>();
        for (var address : message.getAddressesList()) {
            addresses.add(Addresses.decode(address));
        }
        var mode =
                switch (message.getNetworkMode()) {
                    case STANDARD -> Workload.NetworkMode.STANDARD;
                    case HOST_NETWORK -> Workload.NetworkMode.HOST_NETWORK;
                    case UNRECOGNIZED -> throw Addresses.unknown("network mode", message.getNetworkModeValue());
                };
        var locality = message.getLocality();
        return new Workload.Location(
                addresses,
                message.getHostname(),
                message.getNetwork(),
                mode,
                message.getNode(),
                new Locality(locality.getRegion(), locality.getZone(), locality.getSubzone()));
    }

    private static void encode(Workload.Location location, WorkloadProto.Workload.Builder message) {
        location.addresses().forEach(address -> message.addAddresses(Addresses.encode(address)));
        message.setHostname(location.hostname())
                .setNetwork(location.network())
                .setNode(location.node())
                .setNetworkMode(
                        switch (location.networkMode()) {
                            case STANDARD -> WorkloadProto.NetworkMode.STANDARD;
                            case HOST_NETWORK -> WorkloadProto.NetworkMode.HOST_NETWORK;
                        });
        var locality = location.locality();
        if (!locality.isUnknown()) {
            message.setLocality(WorkloadProto.Locality.newBuilder()
                    .setRegion(locality.region())
                    .setZone(locality.zone())
                    .setSubzone(locality.subzone()));
        }
    }

    private static Workload.Tunnel tunnel(WorkloadProto.Workload message) throws InvalidResourceException {
        var protocol =
                switch (message.getTunnelProtocol()) {
                    case NONE -> Workload.Protocol.TCP;
                    case HBONE -> Workload.Protocol.HBONE;
                    case LEGACY_ISTIO_MTLS, UNRECOGNIZED ->
                        throw Addresses.unknown("tunnel protocol", message.getTunnelProtocolValue());
                };
        return new Workload.Tunnel(
                protocol,
                message.getNativeTunnel(),
                Addresses.decodeOptional(message.hasWaypoint(), message.getWaypoint(), "waypoint"),
                Addresses.decodeOptional(message.hasNetworkGateway(), message.getNetworkGateway(), "network gateway"),
                message.hasApplicationTunnel() ? application(message.getApplicationTunnel()) : null);
    }

    private static void encode(Workload.Tunnel tunnel, WorkloadProto.Workload.Builder message) {
        message.setNativeTunnel(tunnel.nativeTunnel())
                .setTunnelProtocol(
                        switch (tunnel.protocol()) {
                            case TCP -> WorkloadProto.TunnelProtocol.NONE;
                            case HBONE -> WorkloadProto.TunnelProtocol.HBONE;
                        });
        var waypoint = tunnel.waypoint();
        if (waypoint != null) {
            message.setWaypoint(Addresses.encode(waypoint));
        }
        var gateway = tunnel.networkGateway();
        if (gateway != null) {
            message.setNetworkGateway(Addresses.encode(gateway));
        }
        encode(tunnel.application(), message);
    }

    private static ApplicationTunnel application(WorkloadProto.ApplicationTunnel message)
            throws InvalidResourceException {
        var protocol =
                switch (message.getProtocol()) {
                    case NONE -> ApplicationTunnel.Protocol.NONE;
                    case PROXY -> ApplicationTunnel.Protocol.PROXY;
                    case UNRECOGNIZED ->
                        throw Addresses.unknown("application tunnel protocol", message.getProtocolValue());
                };
        return new ApplicationTunnel(protocol, Addresses.port(message.getPort()));
    }

    private static void encode(@Nullable ApplicationTunnel tunnel, WorkloadProto.Workload.Builder message) {
        if (tunnel != null) {
            message.setApplicationTunnel(WorkloadProto.ApplicationTunnel.newBuilder()
                    .setProtocol(
                            switch (tunnel.protocol()) {
                                case NONE -> WorkloadProto.ApplicationTunnel.Protocol.NONE;
                                case PROXY -> WorkloadProto.ApplicationTunnel.Protocol.PROXY;
                            })
                    .setPort(tunnel.port()));
        }
    }

    private static void encode(Workload.Description description, WorkloadProto.Workload.Builder message) {
        message.setWorkloadName(description.workloadName())
                .setCanonicalName(description.canonicalName())
                .setCanonicalRevision(description.canonicalRevision())
                .setWorkloadType(
                        switch (description.type()) {
                            case DEPLOYMENT -> WorkloadProto.WorkloadType.DEPLOYMENT;
                            case CRONJOB -> WorkloadProto.WorkloadType.CRONJOB;
                            case POD -> WorkloadProto.WorkloadType.POD;
                            case JOB -> WorkloadProto.WorkloadType.JOB;
                        });
    }

    /** It only names things in telemetry, so one that is not known here does no harm. */
    private static Workload.Type type(WorkloadProto.WorkloadType type) {
        return switch (type) {
            case DEPLOYMENT -> Workload.Type.DEPLOYMENT;
            case CRONJOB -> Workload.Type.CRONJOB;
            case POD, UNRECOGNIZED -> Workload.Type.POD;
            case JOB -> Workload.Type.JOB;
        };
    }

    private static Map<ServiceName, List<ServicePort>> services(WorkloadProto.Workload message)
            throws InvalidResourceException {
        var services = new HashMap<ServiceName, List<ServicePort>>();
        for (var entry : message.getServicesMap().entrySet()) {
            if (entry.getKey().indexOf('/') < 0) {
                throw new InvalidResourceException("the service '" + entry.getKey() + "' is not namespace/hostname");
            }
            services.put(
                    ServiceName.parse(entry.getKey()),
                    List.copyOf(Ports.decode(entry.getValue().getPortsList())));
        }
        return services;
    }

    /** Unsigned on the wire; more than two thousand million weighs no more than that. */
    private static int capacity(WorkloadProto.Workload message) {
        if (!message.hasCapacity()) {
            return Workload.DEFAULT_CAPACITY;
        }
        int value = message.getCapacity().getValue();
        return value < 0 ? Integer.MAX_VALUE : value;
    }

    private static String orDefault(String text, String defaultText) {
        return text.isEmpty() ? defaultText : text;
    }
}
