package dev.gossamer.ztunnel.outbound;

/** Names of the status codes that tunnels are refused with. Stateless. */
final class HttpStatus {
    private HttpStatus() {}

    static String text(int status) {
        return switch (status) {
            case 400 -> "400 Bad Request";
            case 401 -> "401 Unauthorized";
            case 403 -> "403 Forbidden";
            case 404 -> "404 Not Found";
            case 500 -> "500 Internal Server Error";
            case 502 -> "502 Bad Gateway";
            case 503 -> "503 Service Unavailable";
            case 504 -> "504 Gateway Timeout";
            default -> Integer.toString(status);
        };
    }
}
