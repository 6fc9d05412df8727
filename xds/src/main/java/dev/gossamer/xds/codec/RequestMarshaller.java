package dev.gossamer.xds.codec;

import dev.gossamer.proto.DiscoveryProto;
import dev.gossamer.proto.DiscoveryProto.DeltaDiscoveryRequest;
import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.NodeInfo;
import dev.gossamer.xds.delta.TypeUrl;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/** Requests. Thread-safe. */
final class RequestMarshaller implements Marshaller<DeltaRequest> {
    private final Marshaller<DeltaDiscoveryRequest> messages =
            ProtoUtils.marshaller(DeltaDiscoveryRequest.getDefaultInstance());

    @Override
    public InputStream stream(DeltaRequest request) {
        var message = DeltaDiscoveryRequest.newBuilder()
                .setTypeUrl(request.type().value())
                .addAllResourceNamesSubscribe(request.subscribe())
                .addAllResourceNamesUnsubscribe(request.unsubscribe())
                .putAllInitialResourceVersions(request.initialVersions())
                .setResponseNonce(request.nonce());
        var node = request.node();
        if (node != null) {
            message.setNode(
                    DiscoveryProto.Node.newBuilder().setId(node.id()).setMetadata(Structs.encode(node.metadata())));
        }
        var error = request.error();
        if (error != null) {
            // Code 0, as Istio's node proxy sends: receivers look at whether there is an error, not at its number.
            message.setErrorDetail(DiscoveryProto.Status.newBuilder().setMessage(error));
        }
        return messages.stream(message.build());
    }

    @Override
    public DeltaRequest parse(InputStream stream) {
        var message = messages.parse(stream);
        return new DeltaRequest(
                new TypeUrl(message.getTypeUrl()),
                message.hasNode()
                        ? new NodeInfo(
                                message.getNode().getId(),
                                Structs.decode(message.getNode().getMetadata()))
                        : null,
                message.getResourceNamesSubscribeList(),
                message.getResourceNamesUnsubscribeList(),
                message.getInitialResourceVersionsMap(),
                message.getResponseNonce(),
                message.hasErrorDetail() ? message.getErrorDetail().getMessage() : null);
    }
}
