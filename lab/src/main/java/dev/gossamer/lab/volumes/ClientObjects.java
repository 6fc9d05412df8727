package dev.gossamer.lab.volumes;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects read from the API server when asked for. Thread-safe. */
public final class ClientObjects implements NamespaceObjects {
    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final String namespace;
    private final String certificateAuthority;

    public ClientObjects(KubernetesClient client, String namespace, String certificateAuthority) {
        this.client = client;
        this.namespace = namespace;
        this.certificateAuthority = certificateAuthority;
    }

    @Override
    public @Nullable Map<String, byte[]> configMap(String name) {
        var map = client.configMaps().inNamespace(namespace).withName(name).get();
        if (map == null) {
            return null;
        }
        var data = new HashMap<String, byte[]>();
        if (map.getData() != null) {
            map.getData().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        if (map.getBinaryData() != null) {
            map.getBinaryData()
                    .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        return data;
    }

    @Override
    public @Nullable Map<String, byte[]> secret(String name) {
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            return null;
        }
        var data = new HashMap<String, byte[]>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        return data;
    }

    @Override
    public List<ServiceLink> services() {
        // Every pod is told where the API server is, whatever its namespace.
        var apiServer =
                client.services().inNamespace("default").withName("kubernetes").get();
        var ofNamespace = client.services().inNamespace(namespace).list().getItems();
        return Stream.concat(Stream.ofNullable(apiServer), ofNamespace.stream())
                .map(ClientObjects::link)
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable ServiceLink link(Service service) {
        var ip = service.getSpec().getClusterIP();
        if (ip == null || ip.isEmpty() || ip.equals("None")) {
            return null;
        }
        var ports = service.getSpec().getPorts().stream()
                .map(port -> new ServiceLink.Port(
                        port.getName() == null ? "" : port.getName(),
                        port.getProtocol() == null ? "TCP" : port.getProtocol(),
                        port.getPort()))
                .toList();
        return new ServiceLink(service.getMetadata().getName(), ip, ports);
    }

    @Override
    public Token token(String serviceAccount, PodIdentity pod, String audience, Duration lifetime)
            throws MissingObjectException {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience.isEmpty() ? List.of() : List.of(audience))
                .withExpirationSeconds(lifetime.toSeconds())
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.name())
                .withUid(pod.uid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        try {
            // What comes back says when the token ends but not when it began: the lifetime granted may be another one.
            var status = client.serviceAccounts()
                    .inNamespace(namespace)
                    .withName(serviceAccount)
                    .tokenRequest(request)
                    .getStatus();
            var expires = Instant.parse(status.getExpirationTimestamp());
            return new Token(status.getToken(), expires.minus(lifetime), expires);
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                throw new MissingObjectException("serviceaccount \"" + serviceAccount + "\" not found");
            }
            throw e;
        }
    }

    @Override
    public String certificateAuthority() {
        return certificateAuthority;
    }
}
