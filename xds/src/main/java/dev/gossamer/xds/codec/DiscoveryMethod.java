package dev.gossamer.xds.codec;

import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.DeltaResponse;
import io.grpc.MethodDescriptor;

/** The delta discovery service on the wire. Stateless. */
public final class DiscoveryMethod {
    public static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    public static final MethodDescriptor<DeltaRequest, DeltaResponse> DELTA =
            MethodDescriptor.<DeltaRequest, DeltaResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "DeltaAggregatedResources"))
                    .setRequestMarshaller(new RequestMarshaller())
                    .setResponseMarshaller(new ResponseMarshaller())
                    .build();

    private DiscoveryMethod() {}
}
