package dev.gossamer.pki.issue;

import dev.gossamer.core.identity.InvalidIdentityException;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.transport.CallerRejectedException;
import dev.gossamer.pki.transport.Callers;
import dev.gossamer.pki.transport.CertificateMethod;
import dev.gossamer.proto.CertificateProto.IstioCertificateRequest;
import dev.gossamer.proto.CertificateProto.IstioCertificateResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Istio's certificate service: hands out certificates to whom the authorizer lets. Thread-safe. */
public final class CertificateService implements BindableService {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateService.class);

    private final CertificateAuthority authority;
    private final CallerAuthorizer authorizer;
    private final IssueObserver observer;

    public CertificateService(CertificateAuthority authority, CallerAuthorizer authorizer) {
        this(authority, authorizer, IssueObserver.NONE);
    }

    public CertificateService(CertificateAuthority authority, CallerAuthorizer authorizer, IssueObserver observer) {
        this.observer = observer;
        this.authority = authority;
        this.authorizer = authorizer;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(CertificateMethod.SERVICE)
                .addMethod(CertificateMethod.CREATE, ServerCalls.asyncUnaryCall(this::create))
                .build();
    }

    private void create(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> response) {
        var caller = Callers.current();
        try {
            var identity = authorizer.authorize(caller, impersonated(request));
            var issued = authority.issue(request.getCsr(), identity, validity(request));
            LOG.info(
                    "issued a certificate for {} to {}, serial {}, until {}",
                    identity,
                    caller.remoteAddress(),
                    issued.leaf().getSerialNumber().toString(16),
                    issued.leaf().getNotAfter().toInstant());
            observer.onRequest(IssueObserver.Outcome.ISSUED);
            response.onNext(response(issued));
            response.onCompleted();
        } catch (CallerRejectedException e) {
            observer.onRequest(IssueObserver.Outcome.CALLER_REJECTED);
            LOG.warn("refused a certificate to {}: {}", caller.remoteAddress(), e.getMessage());
            // No word on why: the caller is not known.
            response.onError(Status.UNAUTHENTICATED
                    .withDescription("request authenticate failure")
                    .asRuntimeException());
        } catch (IssueRefusedException e) {
            observer.onRequest(IssueObserver.Outcome.REQUEST_REFUSED);
            LOG.warn("refused a certificate to {}: {}", caller.remoteAddress(), e.getMessage());
            response.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            response.onError(Status.UNAVAILABLE
                    .withDescription("the authority is stopping")
                    .asRuntimeException());
        }
    }

    private static @Nullable SpiffeId impersonated(IstioCertificateRequest request) throws CallerRejectedException {
        var value = request.getMetadata().getFieldsOrDefault(CertificateMethod.IMPERSONATED_IDENTITY, null);
        if (value == null || value.getStringValue().isEmpty()) {
            return null;
        }
        try {
            return SpiffeId.parse(value.getStringValue());
        } catch (InvalidIdentityException e) {
            throw new CallerRejectedException("it asks to impersonate an unreadable identity: " + e.getMessage());
        }
    }

    /** Bounded, so that a hostile number is a refusal and not an overflow. */
    private static Duration validity(IstioCertificateRequest request) {
        return Duration.ofSeconds(Math.clamp(request.getValidityDuration(), 0, Integer.MAX_VALUE));
    }

    /** The leaf, then each intermediate by itself, then all roots in one: clients take the last for the roots. */
    private static IstioCertificateResponse response(CertificateAuthority.Issued issued) {
        var response = IstioCertificateResponse.newBuilder().addCertChain(text(Pem.encode(List.of(issued.leaf()))));
        for (var intermediate : issued.intermediates()) {
            response.addCertChain(text(Pem.encode(List.of(intermediate))));
        }
        return response.addCertChain(text(issued.roots().pem())).build();
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.US_ASCII);
    }
}
