package dev.gossamer.control.status;

import dev.gossamer.control.ca.RootStore;
import dev.gossamer.control.source.Cluster;
import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.issue.IssueRefusedException;
import dev.gossamer.pki.issue.SigningCredentials;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The mesh's root in a Secret, as Istio keeps it, so that either control plane can go on with the other's. Thread-safe. */
public final class SecretRootStore implements RootStore {
    private static final String SECRET = "istio-ca-secret";
    private static final String TYPE = "istio.io/ca-root";
    private static final String CERTIFICATE = "ca-cert.pem";
    private static final String KEY = "ca-key.pem";
    private static final String CHAIN = "cert-chain.pem";
    private static final String ROOTS = "root-cert.pem";

    private final KubernetesClient client;
    private final String namespace;

    public SecretRootStore(Cluster cluster, String namespace) {
        this.client = cluster.client();
        this.namespace = namespace;
    }

    @Override
    public @Nullable Stored load() throws RootStoreException {
        try {
            var secret =
                    client.secrets().inNamespace(namespace).withName(SECRET).get();
            return secret == null
                    ? null
                    : new Stored(credentials(secret), secret.getMetadata().getResourceVersion());
        } catch (KubernetesClientException e) {
            throw failed("read", e);
        }
    }

    private SigningCredentials credentials(Secret secret) throws RootStoreException {
        try {
            return SigningCredentials.ofPem(
                    entry(secret, CERTIFICATE), entry(secret, KEY), entry(secret, CHAIN), entry(secret, ROOTS));
        } catch (InvalidPemException | IssueRefusedException | IllegalArgumentException e) {
            throw new RootStoreException(
                    "the Secret " + namespace + "/" + SECRET + " is not usable as a root: " + e.getMessage()
                            + "; mend it, or delete it for a new root (all proxies must then get new certificates)",
                    e);
        }
    }

    private static byte[] entry(Secret secret, String key) {
        var text = secret.getData() == null ? null : secret.getData().get(key);
        return text == null ? new byte[0] : Base64.getDecoder().decode(text);
    }

    @Override
    public boolean create(SigningCredentials credentials) throws RootStoreException {
        try {
            client.secrets()
                    .inNamespace(namespace)
                    .resource(secret(credentials, null))
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw failed("create", e);
        }
    }

    @Override
    public boolean replace(Stored previous, SigningCredentials credentials) throws RootStoreException {
        try {
            client.secrets()
                    .inNamespace(namespace)
                    .resource(secret(credentials, previous.version()))
                    .update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw failed("update", e);
        }
    }

    private Secret secret(SigningCredentials credentials, @Nullable String version) {
        var encoder = Base64.getEncoder();
        var certificate = encoder.encodeToString(Pem.encode(List.of(credentials.certificate())));
        var key = encoder.encodeToString(Pem.encode(credentials.privateKey()));
        var roots = encoder.encodeToString(credentials.roots().pem());
        return new SecretBuilder()
                .withNewMetadata()
                .withName(SECRET)
                .withNamespace(namespace)
                .withResourceVersion(version)
                .endMetadata()
                .withType(TYPE)
                .withData(Map.of(CERTIFICATE, certificate, KEY, key, CHAIN, "", ROOTS, roots))
                .build();
    }

    private RootStoreException failed(String verb, KubernetesClientException cause) {
        var remedy = cause.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? "; the role istiod in that namespace must allow it"
                : cause.getCode() == HttpURLConnection.HTTP_NOT_FOUND ? "; does the namespace exist?" : "";
        return new RootStoreException(
                "cannot " + verb + " the Secret " + namespace + "/" + SECRET + ": " + Cluster.reason(cause) + remedy,
                cause);
    }
}
