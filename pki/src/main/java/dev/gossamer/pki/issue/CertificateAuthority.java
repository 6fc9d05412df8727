package dev.gossamer.pki.issue;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.TrustRoots;
import java.net.InetAddress;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/** Signs certificates of workloads and of the control plane's own endpoint. Thread-safe: what it signs with is swapped whole. */
public final class CertificateAuthority {
    /** How a new root's key is made. */
    public enum KeyKind {
        RSA_2048,
        ECDSA_P256
    }

    private final AuthorityConfig config;
    private final TimeSource time;
    private volatile SigningCredentials credentials;

    public CertificateAuthority(SigningCredentials credentials, AuthorityConfig config, TimeSource time) {
        this.credentials = credentials;
        this.config = config;
        this.time = time;
    }

    /** Makes a self-signed root for a trust domain, valid for ten years. Takes a moment, as it makes the key. */
    public static SigningCredentials newRoot(String trustDomain, KeyKind kind, TimeSource time) {
        throw new UnsupportedOperationException(trustDomain + kind + time);
    }

    /** Signs with something else from now on; the roots are what it brings. */
    public void replace(SigningCredentials next) {
        credentials = next;
    }

    public SigningCredentials credentials() {
        return credentials;
    }

    public TrustRoots roots() {
        return credentials.roots();
    }

    /** Whether a self-signed root is in the last fifth of its life, so that {@link #renewedRoot} is due. */
    public boolean rootRenewalDue() {
        throw new UnsupportedOperationException();
    }

    /** The same root with the same key and a new term: certificates signed before stay good. */
    public SigningCredentials renewedRoot() {
        throw new UnsupportedOperationException(config + "" + time);
    }

    /**
     * Issues for a request in PEM, of which only the public key counts.
     *
     * @param validity zero or less: the default
     * @throws IssueRefusedException if the request is not signed by its key, the key is weak, or the validity too long
     */
    public List<X509Certificate> issue(String requestPem, SpiffeId identity, Duration validity)
            throws IssueRefusedException {
        throw new UnsupportedOperationException(requestPem + identity + validity);
    }

    /** As {@link #issue(String, SpiffeId, Duration)} for a key that is known to be the caller's. */
    public List<X509Certificate> issue(PublicKey key, SpiffeId identity, Duration validity)
            throws IssueRefusedException {
        throw new UnsupportedOperationException(key + "" + identity + validity);
    }

    /** Issues for the control plane's own endpoint, with a new key, for as long as the signer lives but at most a year. */
    public ServerCredentials issueServer(List<String> dnsNames, List<InetAddress> addresses) {
        throw new UnsupportedOperationException(dnsNames + "" + addresses);
    }
}
