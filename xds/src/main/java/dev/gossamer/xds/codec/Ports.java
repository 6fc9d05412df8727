package dev.gossamer.xds.codec;

import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.ServicePort.AppProtocol;
import dev.gossamer.proto.WorkloadProto;
import java.util.ArrayList;
import java.util.List;

/** Ports of services and of their endpoints. Stateless. */
final class Ports {
    private Ports() {}

    static List<ServicePort> decode(List<WorkloadProto.Port> messages) {
        var ports = new ArrayList<ServicePort>(messages.size());
        for (var message : messages) {
            ports.add(new ServicePort(
                    Addresses.port(message.getServicePort()),
                    Addresses.port(message.getTargetPort()),
                    decode(message.getAppProtocol())));
        }
        return ports;
    }

    static WorkloadProto.Port encode(ServicePort port) {
        return WorkloadProto.Port.newBuilder()
                .setServicePort(port.port())
                .setTargetPort(port.targetPort())
                .setAppProtocol(encode(port.protocol()))
                .build();
    }

    /** One that is not known here is none that decides anything. */
    private static AppProtocol decode(WorkloadProto.AppProtocol protocol) {
        return switch (protocol) {
            case UNKNOWN, UNRECOGNIZED -> AppProtocol.UNKNOWN;
            case HTTP11 -> AppProtocol.HTTP11;
            case HTTP2 -> AppProtocol.HTTP2;
            case GRPC -> AppProtocol.GRPC;
            case TCP -> AppProtocol.TCP;
            case TLS -> AppProtocol.TLS;
        };
    }

    private static WorkloadProto.AppProtocol encode(AppProtocol protocol) {
        return switch (protocol) {
            case UNKNOWN -> WorkloadProto.AppProtocol.UNKNOWN;
            case HTTP11 -> WorkloadProto.AppProtocol.HTTP11;
            case HTTP2 -> WorkloadProto.AppProtocol.HTTP2;
            case GRPC -> WorkloadProto.AppProtocol.GRPC;
            case TCP -> WorkloadProto.AppProtocol.TCP;
            case TLS -> WorkloadProto.AppProtocol.TLS;
        };
    }
}
