package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/** Turns requests into WebSockets. Thread-safe. */
public final class WebSockets {
    /** As a kubelet: a shell may be left alone over lunch. */
    private static final Duration IDLE = Duration.ofHours(4);

    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    private final ServerWebSocketContainer container;

    /** {@code server}: not started yet. */
    public WebSockets(Server server) {
        this.container = ServerWebSocketContainer.ensure(server);
        container.setIdleTimeout(IDLE);
        container.setMaxBinaryMessageSize(MAX_MESSAGE_BYTES);
        container.setMaxTextMessageSize(MAX_MESSAGE_BYTES);
        container.setMaxFrameSize(MAX_MESSAGE_BYTES);
    }

    static boolean isWanted(Exchange exchange) {
        return "websocket".equalsIgnoreCase(exchange.request().getHeaders().get("Upgrade"));
    }

    /** The first of {@code known} that the client offers. */
    public static String protocol(Exchange exchange, List<String> known) throws ApiException {
        if (!isWanted(exchange)) {
            throw ApiException.badRequest(
                    "Upgrade request required: this server speaks WebSocket only (kubectl 1.30 and later do so, unless"
                            + " KUBECTL_REMOTE_COMMAND_WEBSOCKETS or KUBECTL_PORT_FORWARD_WEBSOCKETS is false)");
        }
        var offered = exchange.request().getHeaders().getCSV("Sec-WebSocket-Protocol", false);
        for (var protocol : known) {
            if (offered.contains(protocol)) {
                return protocol;
            }
        }
        throw ApiException.badRequest("none of the WebSocket protocols offered is known; known are " + known);
    }

    /** Upgrades the request's connection; {@code socket} is opened when that is done. */
    public void upgrade(Exchange exchange, @Nullable String protocol, ChannelSocket socket) throws ApiException {
        var request = exchange.request();
        var callback = (Callback) request.getAttribute(Front.UPGRADE_CALLBACK);
        boolean upgraded = container.upgrade(
                (_, response, _) -> {
                    if (protocol != null) {
                        response.setAcceptedSubProtocol(protocol);
                    }
                    return socket;
                },
                request,
                exchange.response(),
                callback);
        if (!upgraded) {
            throw ApiException.badRequest("the request is no valid WebSocket handshake");
        }
        request.setAttribute(Front.UPGRADED, true);
    }
}
