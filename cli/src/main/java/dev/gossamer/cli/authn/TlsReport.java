package dev.gossamer.cli.authn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tls-check} found out about a pod.
 *
 * <p>Immutable; printed as JSON and YAML as it is.
 *
 * @param identity null if the mesh does not know the pod
 */
record TlsReport(
        String pod,
        String namespace,
        String node,
        boolean captured,
        @Nullable String identity,
        @Nullable Certificate certificate,
        String mode,
        String modeFrom,
        List<Destination> destinations,
        String verdict) {

    /** The certificate that the pod's ztunnel presents for it. */
    record Certificate(String state, String serialNumber, String notAfter) {}

    /** A port of a service, as this pod would reach it. */
    record Destination(String host, int port, Status status, String server, String client, String policy) {}

    /** How a connection would go. */
    enum Status {
        /** Mutual TLS, whichever endpoint is chosen. */
        MTLS,
        /** Mutual TLS to some endpoints, plain TCP to others. */
        MIXED,
        /** Plain TCP, and the server takes it. */
        PLAIN,
        /** Plain TCP, and the server refuses it. */
        REFUSED,
        /** Nobody is there. */
        NO_ENDPOINTS
    }
}
