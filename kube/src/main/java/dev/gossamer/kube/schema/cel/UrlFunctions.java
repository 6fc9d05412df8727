package dev.gossamer.kube.schema.cel;

import dev.cel.bundle.CelBuilder;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Absolute URLs and absolute paths, taken apart. Stateless. */
final class UrlFunctions {
    private static final OpaqueType URL = OpaqueType.create("net.URL");

    private UrlFunctions() {}

    static void addTo(CelBuilder builder) {
        new Declared(builder)
                .global("isURL", SimpleType.BOOL, SimpleType.STRING, String.class, text -> read(text) != null)
                .global("url", URL, SimpleType.STRING, String.class, UrlFunctions::require)
                .member("getScheme", SimpleType.STRING, URL, URI.class, url -> orEmpty(url.getScheme()))
                .member("getHost", SimpleType.STRING, URL, URI.class, UrlFunctions::hostAndPort)
                .member("getHostname", SimpleType.STRING, URL, URI.class, UrlFunctions::hostname)
                .member(
                        "getPort",
                        SimpleType.STRING,
                        URL,
                        URI.class,
                        url -> url.getPort() < 0 ? "" : Integer.toString(url.getPort()))
                .member("getEscapedPath", SimpleType.STRING, URL, URI.class, url -> orEmpty(url.getRawPath()))
                .member(
                        "getQuery",
                        MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                        URL,
                        URI.class,
                        url -> query(orEmpty(url.getRawQuery())));
    }

    private static @Nullable URI read(String text) {
        try {
            var uri = new URI(text);
            // As for a request: with a scheme, or a path from the root.
            return uri.isAbsolute() || text.startsWith("/") ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static URI require(String text) throws CelEvaluationException {
        var uri = read(text);
        if (uri == null) {
            throw ListFunctions.failure(
                    "URL parse error during conversion from string: parse \"" + text + "\": invalid URI for request");
        }
        return uri;
    }

    private static String hostAndPort(URI url) {
        String authority = orEmpty(url.getRawAuthority());
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String hostname(URI url) {
        String host = hostAndPort(url);
        if (host.startsWith("[")) {
            return host.substring(1, Math.max(1, host.indexOf(']')));
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static Map<String, List<String>> query(String raw) {
        var query = new LinkedHashMap<String, List<String>>();
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), _ -> new ArrayList<>())
                    .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
