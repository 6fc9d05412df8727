package dev.gossamer.ztunnel.pod;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.net.tls.PeerCheck;
import dev.gossamer.net.tls.PeerRejectedException;
import dev.gossamer.net.tls.TlsCredentials;
import dev.gossamer.pki.PeerPolicy;
import dev.gossamer.pki.PeerVerification;
import dev.gossamer.pki.PeerVerifier;
import dev.gossamer.pki.Svid;
import java.security.GeneralSecurityException;
import java.util.Set;

/** A workload's certificate, ready for handshakes, and the check of peers by the roots that came with it. Immutable. */
public final class WorkloadTls {
    private final Svid svid;
    private final TlsCredentials credentials;
    private final PeerVerifier verifier;

    private WorkloadTls(Svid svid, TlsCredentials credentials, PeerVerifier verifier) {
        this.svid = svid;
        this.credentials = credentials;
        this.verifier = verifier;
    }

    static WorkloadTls of(Svid svid, TimeSource time) throws GeneralSecurityException {
        return new WorkloadTls(
                svid, TlsCredentials.of(svid.chain(), svid.privateKey()), new PeerVerifier(svid.roots(), time));
    }

    public Svid svid() {
        return svid;
    }

    public TlsCredentials credentials() {
        return credentials;
    }

    /** For the server: whoever is of our own trust domain; policy decides the rest. */
    public PeerCheck clientCheck() {
        return check(new PeerPolicy.TrustDomain(svid.identity().trustDomain()));
    }

    /** For the client, which knows whom it dialled. */
    public PeerCheck serverCheck(Set<SpiffeId> expected) {
        return check(new PeerPolicy.AnyOf(expected));
    }

    private PeerCheck check(PeerPolicy policy) {
        return chain -> switch (verifier.verify(chain, policy)) {
            case PeerVerification.Verified(var identity) -> identity;
            case PeerVerification.Rejected(var reason) -> throw new PeerRejectedException(reason);
        };
    }
}
