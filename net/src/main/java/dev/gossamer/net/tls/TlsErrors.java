package dev.gossamer.net.tls;

import java.util.Locale;

/** BoringSSL's error texts, for people. Immutable. */
final class TlsErrors {
    private static final String PEER_PREFIX = "the peer refused: ";

    private TlsErrors() {}

    /** {@code error}: such as {@code error:10000416:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_UNKNOWN}. */
    static String inWords(String error) {
        var reason = error.substring(error.lastIndexOf(':') + 1);
        if (reason.isEmpty()) {
            return "the connection broke off";
        }
        return switch (reason) {
            case "SSLV3_ALERT_BAD_CERTIFICATE",
                    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
                    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
                    "TLSV1_ALERT_ACCESS_DENIED" -> PEER_PREFIX + "it does not accept our certificate";
            case "SSLV3_ALERT_CERTIFICATE_EXPIRED" -> PEER_PREFIX + "our certificate has expired";
            case "SSLV3_ALERT_CERTIFICATE_REVOKED" -> PEER_PREFIX + "our certificate is revoked";
            case "TLSV1_ALERT_UNKNOWN_CA" -> PEER_PREFIX + "it does not know the root of our certificate";
            case "TLSV1_ALERT_CERTIFICATE_REQUIRED" -> PEER_PREFIX + "it wants a certificate";
            case "SSLV3_ALERT_HANDSHAKE_FAILURE" -> PEER_PREFIX + "no common TLS parameters";
            case "TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL" -> "no common TLS version, 1.3 is required";
            case "TLSV1_ALERT_NO_APPLICATION_PROTOCOL" -> PEER_PREFIX + "it does not speak HTTP/2 (ALPN h2)";
            case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST" -> "the peer does not speak TLS";
            case "PEER_DID_NOT_RETURN_A_CERTIFICATE" -> "the peer showed no certificate";
            case "NO_APPLICATION_PROTOCOL" -> "the peer does not offer HTTP/2 (ALPN h2)";
            default -> reason.toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
