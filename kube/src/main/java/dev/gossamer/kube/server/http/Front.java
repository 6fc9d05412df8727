package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.auth.Attributes;
import dev.gossamer.kube.server.auth.Authorizer;
import dev.gossamer.kube.server.auth.Caller;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request arrives: who sent it, what it is about, and what happens if it fails. Thread-safe. */
public final class Front extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    private final Access access;
    private final Authorizer authorizer;
    private final ResourceApi resources;
    private final Map<String, Route> routes;

    /** {@code routes}: by path, or, ending in a slash, by what the path begins with. */
    public Front(Access access, Authorizer authorizer, ResourceApi resources, Map<String, Route> routes) {
        this.access = access;
        this.authorizer = authorizer;
        this.resources = resources;
        this.routes = Map.copyOf(routes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A watch may be silent for long; its own timeout ends it.
        request.addIdleTimeoutListener(_ -> false);
        try {
            if (serve(request, response, callback)) {
                return true;
            }
            callback.succeeded();
        } catch (IOException e) {
            // The client went away, or the response had begun: there is nobody to tell.
            LOG.debug(
                    "{} {} ended early: {}",
                    request.getMethod(),
                    request.getHttpURI().getPath(),
                    e.toString());
            callback.failed(e);
        }
        return true;
    }

    /** Returns whether someone else completes the callback: the request became a WebSocket. */
    private boolean serve(Request request, Response response, Callback callback) throws IOException {
        var anonymous = new Exchange(request, response, Caller.ANONYMOUS);
        try {
            var caller = authenticate(request);
            if (caller == null) {
                throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
            }
            var exchange = new Exchange(request, response, Impersonation.resolve(request, caller, authorizer));
            request.setAttribute(UPGRADE_CALLBACK, callback);
            dispatch(exchange);
            return request.getAttribute(UPGRADED) != null;
        } catch (ApiException e) {
            if (response.isCommitted()) {
                throw new IOException(e.getMessage(), e);
            }
            if (e.reason() == Reason.UNAUTHORIZED) {
                response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            }
            anonymous.respond(e.code(), e.toStatus());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the API server is stopping", e);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPathQuery(), e);
            if (response.isCommitted()) {
                throw new IOException("failed after the response began", e);
            }
            anonymous.respond(500, ApiException.internal(e.toString()).toStatus());
        }
        return false;
    }

    /** Where a handler that upgrades the connection finds the callback to hand on. */
    public static final String UPGRADE_CALLBACK = "dev.gossamer.callback";

    /** Set by a handler that handed the callback on. */
    public static final String UPGRADED = "dev.gossamer.upgraded";

    private @Nullable Caller authenticate(Request request) {
        var header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null) {
            var fromProtocol = WebSocketToken.find(request);
            return fromProtocol == null ? Caller.ANONYMOUS : access.authenticate(fromProtocol);
        }
        var scheme = header.length() > 7 ? header.substring(0, 7).toLowerCase(Locale.ROOT) : "";
        return scheme.equals("bearer ")
                ? access.authenticate(header.substring(7).strip())
                : null;
    }

    private void dispatch(Exchange exchange) throws IOException, ApiException, InterruptedException {
        var path = exchange.request().getHttpURI().getPath();
        var plain = path == null
                ? "/"
                : path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        var segments = segments(plain);
        var resource = ApiPath.parse(segments);
        if (resource != null) {
            resources.serve(exchange, resource);
            return;
        }
        authorizer.require(
                exchange.caller(), new Attributes.ForPath(exchange.method().toLowerCase(Locale.ROOT), plain));
        route(plain).serve(exchange);
    }

    private Route route(String path) throws ApiException {
        var exact = routes.get(path);
        if (exact != null) {
            return exact;
        }
        for (var route : routes.entrySet()) {
            if (route.getKey().endsWith("/") && path.startsWith(route.getKey())) {
                return route.getValue();
            }
        }
        throw ApiException.noSuchPath();
    }

    private static List<String> segments(String path) throws ApiException {
        var segments = new ArrayList<String>();
        for (var segment : path.substring(1).split("/", -1)) {
            try {
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw ApiException.badRequest("the path is not valid: " + e.getMessage());
            }
        }
        return segments;
    }
}
