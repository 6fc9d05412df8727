package dev.gossamer.net.tls;

/** A connection's TLS broke: a handshake refused by either side, a bad record, an alert. */
final class TlsFailure extends Exception {
    TlsFailure(String reason) {
        // No stack trace: a hostile peer can cause this at will.
        super(reason, null, false, false);
    }

    String reason() {
        var text = getMessage();
        return text == null ? "TLS failed" : text;
    }
}
