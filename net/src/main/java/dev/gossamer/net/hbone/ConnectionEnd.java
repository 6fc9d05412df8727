package dev.gossamer.net.hbone;

/** Why a tunnel's connection ended. Immutable. */
public sealed interface ConnectionEnd {
    /** In good order: drained, or closed by this side. */
    record Finished() implements ConnectionEnd {}

    /** TLS was refused by either side, or broke. */
    record TlsFailed(String reason) implements ConnectionEnd {}

    /** Either side broke HTTP/2, or says that the other did. */
    record ProtocolFailed(ErrorCode code, String reason) implements ConnectionEnd {}

    /** Nobody said why: reset, cut, or silent for too long. */
    record Lost(String reason) implements ConnectionEnd {}

    /** For logs. */
    default String reason() {
        return switch (this) {
            case Finished _ -> "closed";
            case TlsFailed(var reason) -> reason;
            case ProtocolFailed(var code, var reason) -> "HTTP/2 error " + code + ": " + reason;
            case Lost(var reason) -> reason;
        };
    }
}
