package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.proto.WorkloadProto;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The parts that workloads and services share. Stateless. */
final class Addresses {
    private static final int PORT_MASK = 0xFFFF;
    private static final int HBONE_PORT = 15008;

    private Addresses() {}

    static InetAddress decode(ByteString bytes) throws InvalidResourceException {
        if (bytes.size() != 4 && bytes.size() != 16) {
            throw new InvalidResourceException("an address of " + bytes.size() + " bytes, expected 4 or 16");
        }
        try {
            return InetAddress.getByAddress(bytes.toByteArray());
        } catch (UnknownHostException e) {
            throw new InvalidResourceException("an address that cannot be read");
        }
    }

    static ByteString encode(InetAddress address) {
        return ByteString.copyFrom(address.getAddress());
    }

    static VirtualAddress decodeVirtual(WorkloadProto.NetworkAddress message) throws InvalidResourceException {
        var address = decode(message.getAddress());
        if (!message.hasLength()) {
            return VirtualAddress.single(message.getNetwork(), address);
        }
        int width = address.getAddress().length * 8;
        // Unsigned on the wire.
        if (Integer.compareUnsigned(message.getLength(), width) > 0) {
            throw new InvalidResourceException("a prefix length of " + Integer.toUnsignedString(message.getLength())
                    + " for an address of " + width + " bits");
        }
        return new VirtualAddress(new NetworkAddress(message.getNetwork(), address), message.getLength());
    }

    static WorkloadProto.NetworkAddress encode(VirtualAddress address) {
        var message = encode(address.address());
        return address.isSingle()
                ? message
                : message.toBuilder().setLength(address.prefixLength()).build();
    }

    static WorkloadProto.NetworkAddress encode(NetworkAddress address) {
        return WorkloadProto.NetworkAddress.newBuilder()
                .setNetwork(address.network())
                .setAddress(encode(address.address()))
                .build();
    }

    /** {@code what}: names the field in the message of a refusal. */
    static GatewayAddress decode(WorkloadProto.GatewayAddress message, String what) throws InvalidResourceException {
        // Istio's proxy dials whatever stands here; a port of 0 could not be meant.
        int port = message.getHboneMtlsPort() & PORT_MASK;
        var destination =
                switch (message.getDestinationCase()) {
                    case HOSTNAME ->
                        new GatewayAddress.Destination.Host(new ServiceName(
                                message.getHostname().getNamespace(),
                                message.getHostname().getHostname()));
                    case ADDRESS ->
                        new GatewayAddress.Destination.Address(new NetworkAddress(
                                message.getAddress().getNetwork(),
                                decode(message.getAddress().getAddress())));
                    case DESTINATION_NOT_SET ->
                        throw new InvalidResourceException("a " + what + " without a destination");
                };
        return new GatewayAddress(destination, port == 0 ? HBONE_PORT : port);
    }

    static WorkloadProto.GatewayAddress encode(GatewayAddress gateway) {
        var message = WorkloadProto.GatewayAddress.newBuilder().setHboneMtlsPort(gateway.hbonePort());
        return switch (gateway.destination()) {
            case GatewayAddress.Destination.Host(var name) ->
                message.setHostname(WorkloadProto.NamespacedHostname.newBuilder()
                                .setNamespace(name.namespace())
                                .setHostname(name.hostname()))
                        .build();
            case GatewayAddress.Destination.Address(var address) ->
                message.setAddress(encode(address)).build();
        };
    }

    /** Only the low 16 bits count, as in Istio's proxy. */
    static int port(int wire) {
        return wire & PORT_MASK;
    }

    static InvalidResourceException unknown(String what, int number) {
        return new InvalidResourceException("unknown " + what + " " + number);
    }

    static @Nullable GatewayAddress decodeOptional(boolean present, WorkloadProto.GatewayAddress message, String what)
            throws InvalidResourceException {
        return present ? decode(message, what) : null;
    }
}
