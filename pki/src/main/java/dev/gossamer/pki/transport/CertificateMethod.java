package dev.gossamer.pki.transport;

import dev.gossamer.proto.CertificateProto.IstioCertificateRequest;
import dev.gossamer.proto.CertificateProto.IstioCertificateResponse;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;

/** The certificate service on the wire: what a generator would make of {@code ca.proto}. Stateless. */
public final class CertificateMethod {
    public static final String SERVICE = "istio.v1.auth.IstioCertificateService";

    /** Under this key of the request's metadata a node proxy names the workload that it speaks for. */
    public static final String IMPERSONATED_IDENTITY = "ImpersonatedIdentity";

    public static final MethodDescriptor<IstioCertificateRequest, IstioCertificateResponse> CREATE =
            MethodDescriptor.<IstioCertificateRequest, IstioCertificateResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "CreateCertificate"))
                    .setRequestMarshaller(ProtoUtils.marshaller(IstioCertificateRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(IstioCertificateResponse.getDefaultInstance()))
                    .build();

    private CertificateMethod() {}
}
