package dev.gossamer.core.workload;

/**
 * A port of a service and the one behind it. Immutable.
 *
 * @param port 1 to 65535
 * @param targetPort 0 at a service: a named port, to be taken from the endpoint
 */
public record ServicePort(int port, int targetPort, AppProtocol protocol) {
    public enum AppProtocol {
        UNKNOWN,
        HTTP11,
        HTTP2,
        GRPC,
        TCP,
        TLS
    }
}
