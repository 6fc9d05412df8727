package dev.gossamer.kube.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The bearer token of clients that cannot set headers: as a WebSocket subprotocol. Immutable. */
final class WebSocketToken {
    private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";

    private WebSocketToken() {}

    static @Nullable String find(Request request) {
        for (var protocol : request.getHeaders().getCSV("Sec-WebSocket-Protocol", false)) {
            if (protocol.startsWith(PREFIX)) {
                try {
                    var bytes = Base64.getUrlDecoder().decode(protocol.substring(PREFIX.length()));
                    return new String(bytes, StandardCharsets.UTF_8);
                } catch (IllegalArgumentException e) {
                    // Not a token of this server: refused like any other wrong one.
                    return "";
                }
            }
        }
        return null;
    }
}
