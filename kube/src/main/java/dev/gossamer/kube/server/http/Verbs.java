package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;

/** What a request wants, in the words that roles use. Immutable. */
final class Verbs {
    private Verbs() {}

    static String of(String method, boolean collection, boolean watch) throws ApiException {
        return switch (method) {
            case "GET", "HEAD" -> watch ? "watch" : collection ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> throw notAllowed();
        };
    }

    static ApiException notAllowed() {
        return ApiException.of(
                Reason.METHOD_NOT_ALLOWED, "the server does not allow this method on the requested resource");
    }
}
