package dev.gossamer.kube.server;

import dev.gossamer.kube.schema.kinds.OpenApiDocument;
import dev.gossamer.kube.server.auth.Reviews;
import dev.gossamer.kube.server.auth.ServiceAccountTokens;
import dev.gossamer.kube.server.auth.SigningKey;
import dev.gossamer.kube.server.discovery.Discovery;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.http.Exchange;
import dev.gossamer.kube.server.http.Review;
import dev.gossamer.kube.server.http.Route;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.node.ObjectNode;

/** What the server answers at paths that are none of a resource. Thread-safe: holds no state. */
final class Routes {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Discovery discovery;
    private final Catalog catalog;

    private Routes(Discovery discovery, Catalog catalog) {
        this.discovery = discovery;
        this.catalog = catalog;
    }

    static Map<String, Route> of(Discovery discovery, Catalog catalog, SigningKey key) {
        var own = new Routes(discovery, catalog);
        var routes = new HashMap<String, Route>();
        for (var path : List.of("/healthz", "/livez", "/readyz")) {
            routes.put(path, Routes::healthy);
            routes.put(path + "/", Routes::healthy);
        }
        routes.put("/version", exchange -> exchange.respond(200, version()));
        routes.put("/api", exchange -> own.apis(exchange, true));
        routes.put("/apis", exchange -> own.apis(exchange, false));
        routes.put("/api/", own::resourceList);
        routes.put("/apis/", own::group);
        routes.put("/openapi/v3", own::openApiIndex);
        routes.put("/openapi/v3/", own::openApiDocument);
        routes.put(
                "/openid/v1/jwks",
                exchange -> exchange.respond(200, "application/jwk-set+json", Json.bytes(key.jwks())));
        routes.put("/.well-known/openid-configuration", exchange -> exchange.respond(200, openIdConfiguration()));
        return routes;
    }

    static Map<String, Review> reviews(Reviews reviews) {
        var authentication = "authentication.k8s.io/";
        var authorization = "authorization.k8s.io/";
        return Map.of(
                authentication + "tokenreviews",
                (question, _, _) -> reviews.token(question),
                authentication + "selfsubjectreviews",
                (question, _, caller) -> reviews.self(question, caller),
                authorization + "selfsubjectaccessreviews",
                (question, _, caller) -> reviews.selfAccess(question, caller),
                authorization + "subjectaccessreviews",
                (question, _, _) -> reviews.subjectAccess(question),
                authorization + "localsubjectaccessreviews",
                (question, _, _) -> reviews.subjectAccess(question),
                authorization + "selfsubjectrulesreviews",
                (question, _, caller) -> reviews.selfRules(question, caller));
    }

    private static void healthy(Exchange exchange) throws IOException {
        exchange.respond(200, "text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+gossamer")
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode openIdConfiguration() {
        var configuration = Json.object()
                .put("issuer", ServiceAccountTokens.ISSUER)
                .put("jwks_uri", ServiceAccountTokens.ISSUER + "/openid/v1/jwks");
        configuration.putArray("response_types_supported").add("id_token");
        configuration.putArray("subject_types_supported").add("public");
        configuration.putArray("id_token_signing_alg_values_supported").add("ES256");
        return configuration;
    }

    private void apis(Exchange exchange, boolean core) throws IOException {
        boolean aggregated = exchange.header(HttpHeader.ACCEPT).contains("v=v2;as=APIGroupDiscoveryList");
        if (aggregated) {
            exchange.respond(200, AGGREGATED, Json.bytes(discovery.aggregated(core)));
        } else {
            exchange.respond(200, core ? Discovery.coreVersions() : discovery.groupList());
        }
    }

    private void resourceList(Exchange exchange) throws IOException, ApiException {
        respondUnlessEmpty(exchange, discovery.resourceList("", tail(exchange, "/api/")));
    }

    private void group(Exchange exchange) throws IOException, ApiException {
        var rest = tail(exchange, "/apis/").split("/");
        respondUnlessEmpty(
                exchange, rest.length == 1 ? discovery.group(rest[0]) : discovery.resourceList(rest[0], rest[1]));
    }

    private static void respondUnlessEmpty(Exchange exchange, ObjectNode answer) throws IOException, ApiException {
        if (answer.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        exchange.respond(200, answer);
    }

    private void openApiIndex(Exchange exchange) throws IOException {
        var index = Json.object();
        var paths = index.putObject("paths");
        for (var resource : catalog.all()) {
            var path = resource.group().isEmpty()
                    ? "api/" + resource.version()
                    : "apis/" + resource.group() + "/" + resource.version();
            if (!paths.has(path)) {
                var hash = Integer.toHexString(
                        catalog.of(resource.group(), resource.version()).hashCode());
                paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
            }
        }
        exchange.respond(200, index);
    }

    private void openApiDocument(Exchange exchange) throws IOException, ApiException {
        var rest = tail(exchange, "/openapi/v3/").split("/");
        boolean core = rest.length == 2 && rest[0].equals("api");
        if (!core && !(rest.length == 3 && rest[0].equals("apis"))) {
            throw ApiException.noSuchPath();
        }
        var group = core ? "" : rest[1];
        var version = rest[rest.length - 1];
        var served = catalog.of(group, version);
        if (served.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        var kinds = served.stream().map(Routes::served).toList();
        exchange.respond(200, OpenApiDocument.of(group, version, kinds));
    }

    private static OpenApiDocument.Served served(Resource resource) {
        var custom = resource.custom();
        return new OpenApiDocument.Served(resource.kind(), custom == null ? null : custom.schema());
    }

    private static String tail(Exchange exchange, String prefix) {
        var path = exchange.request().getHttpURI().getPath();
        var tail = path.length() > prefix.length() ? path.substring(prefix.length()) : "";
        return tail.endsWith("/") ? tail.substring(0, tail.length() - 1) : tail;
    }
}
