package dev.gossamer.lab.volumes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What pods of one namespace read of other objects. Thread-safe. */
public interface NamespaceObjects {
    /** The keys and values of a ConfigMap, or null if there is none of this name. */
    @Nullable
    Map<String, byte[]> configMap(String name);

    /** The keys and (decoded) values of a Secret, or null if there is none of this name. */
    @Nullable
    Map<String, byte[]> secret(String name);

    /** Host and ports of every service that a container's environment tells of. */
    List<ServiceLink> services();

    /** A token of {@code serviceAccount}, for as long as the pod lives. {@code audience} empty: the API server. */
    Token token(String serviceAccount, PodIdentity pod, String audience, Duration lifetime)
            throws MissingObjectException;

    /** The certificate authority of the API server, PEM. */
    String certificateAuthority();

    /** Whom a token is bound to. Immutable. */
    record PodIdentity(String name, String uid) {}

    /** A service account's token. Immutable. */
    record Token(String value, Instant issued, Instant expires) {}

    /** A service with a ClusterIP. Immutable. */
    record ServiceLink(String name, String clusterIp, List<Port> ports) {
        public ServiceLink {
            ports = List.copyOf(ports);
        }

        /** {@code name} is empty where the port has none. Immutable. */
        public record Port(String name, String protocol, int number) {}
    }
}
