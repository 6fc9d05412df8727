package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.auth.Attributes;
import dev.gossamer.kube.server.auth.Authorizer;
import dev.gossamer.kube.server.auth.Caller;
import dev.gossamer.kube.server.failure.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Request;

/** {@code kubectl --as}: a caller who may acts as someone else. Immutable. */
final class Impersonation {
    private static final String ACCOUNT = "system:serviceaccount:";

    private Impersonation() {}

    /** Who the request is to be served as. */
    static Caller resolve(Request request, Caller caller, Authorizer authorizer) throws ApiException {
        var user = request.getHeaders().get("Impersonate-User");
        var groups = request.getHeaders().getValuesList("Impersonate-Group");
        if (user == null || user.isEmpty()) {
            if (!groups.isEmpty()) {
                throw ApiException.badRequest("requested [{Group}] without impersonating a user");
            }
            return caller;
        }
        authorizer.require(caller, wanted("users", user));
        for (var group : groups) {
            authorizer.require(caller, wanted("groups", group));
        }
        var all = new ArrayList<>(groups);
        var parts = user.startsWith(ACCOUNT)
                ? List.of(user.substring(ACCOUNT.length()).split(":"))
                : List.<String>of();
        if (parts.size() == 2 && groups.isEmpty()) {
            all.add("system:serviceaccounts");
            all.add("system:serviceaccounts:" + parts.getFirst());
        }
        all.add(user.equals(Caller.ANONYMOUS.name()) ? Caller.UNAUTHENTICATED : Caller.AUTHENTICATED);
        return new Caller(user, "", all, Map.of());
    }

    private static Attributes wanted(String resource, String name) {
        return new Attributes.ForResource("impersonate", "", resource, "", "", name);
    }
}
