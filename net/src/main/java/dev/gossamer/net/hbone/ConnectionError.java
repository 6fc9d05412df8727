package dev.gossamer.net.hbone;

/** A peer broke the protocol in a way that ends the connection: the peer's fault. */
final class ConnectionError extends Exception {
    private final ErrorCode code;
    private final String reason;

    ConnectionError(ErrorCode code, String reason) {
        // No stack trace: a hostile peer can cause this at will.
        super(code + ": " + reason, null, false, false);
        this.code = code;
        this.reason = reason;
    }

    ErrorCode code() {
        return code;
    }

    String reason() {
        return reason;
    }
}
