package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gossamer.proto.WorkloadProto;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.util.ArrayList;

/** Between {@code istio.workload.Address} and the mesh's records. Stateless. */
public final class AddressCodec {
    /** What a workload's node is called among its groups; no service's name has two slashes. */
    private static final String NODE_GROUP = "node//";

    private AddressCodec() {}

    /** Equal resources have equal bytes, and so equal versions. */
    public static Versioned encode(MeshResource resource) {
        var aliases = new ArrayList<String>();
        var groups = new ArrayList<String>();
        var message = WorkloadProto.Address.newBuilder();
        switch (resource) {
            case MeshResource.OfWorkload(var workload) -> {
                message.setWorkload(WorkloadCodec.encode(workload));
                for (var address : workload.location().addresses()) {
                    aliases.add(workload.location().network() + "/" + address.getHostAddress());
                }
                workload.services().keySet().forEach(service -> groups.add(service.toString()));
                if (!workload.location().node().isEmpty()) {
                    groups.add(NODE_GROUP + workload.location().node());
                }
            }
            case MeshResource.OfService(var service) -> {
                message.setService(ServiceCodec.encode(service));
                service.addresses().forEach(address -> aliases.add(address.toString()));
            }
        }
        return Versions.resource(TypeUrl.ADDRESS, resource.name(), message.build(), aliases, groups);
    }

    /**
     * Reads a serialized {@code Address}.
     *
     * @throws InvalidResourceException for what Istio's node proxy refuses, too
     */
    public static MeshResource decode(ByteString address) throws InvalidResourceException {
        WorkloadProto.Address message;
        try {
            message = WorkloadProto.Address.parseFrom(address);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidResourceException("not an Address message: " + e.getMessage());
        }
        return switch (message.getTypeCase()) {
            case WORKLOAD -> new MeshResource.OfWorkload(WorkloadCodec.decode(message.getWorkload()));
            case SERVICE -> new MeshResource.OfService(ServiceCodec.decode(message.getService()));
            case TYPE_NOT_SET -> throw new InvalidResourceException("neither a workload nor a service");
        };
    }
}
