package dev.gossamer.pki.issue;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/** Istio's certificate service: hands out certificates to whom the authorizer lets. Thread-safe. */
public final class CertificateService implements BindableService {
    private final CertificateAuthority authority;
    private final CallerAuthorizer authorizer;

    public CertificateService(CertificateAuthority authority, CallerAuthorizer authorizer) {
        this.authority = authority;
        this.authorizer = authorizer;
    }

    @Override
    public ServerServiceDefinition bindService() {
        throw new UnsupportedOperationException(authority + "" + authorizer);
    }
}
