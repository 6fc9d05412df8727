package dev.gossamer.net.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which page answers which path. Built while a program starts, then only read: safe to share once handed over. */
public final class AdminRoutes {
    private record Route(Set<String> methods, AdminPage page) {}

    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> ANY = Set.of();

    private final Map<String, Route> routes = new LinkedHashMap<>();

    public AdminRoutes get(String path, AdminPage page) {
        return add(path, READING, page);
    }

    public AdminRoutes post(String path, AdminPage page) {
        return add(path, Set.of("POST"), page);
    }

    /** Whatever the method. */
    public AdminRoutes any(String path, AdminPage page) {
        return add(path, ANY, page);
    }

    private AdminRoutes add(String path, Set<String> methods, AdminPage page) {
        if (routes.putIfAbsent(path, new Route(methods, page)) != null) {
            throw new IllegalArgumentException("two pages for " + path);
        }
        return this;
    }

    /** All paths, for an index page. */
    public Set<String> paths() {
        return new TreeSet<>(routes.keySet());
    }

    AdminResponse serve(AdminRequest request) throws Exception {
        var route = routes.get(request.path());
        if (route == null) {
            return AdminResponse.text(404, "not found\n");
        }
        if (!route.methods().isEmpty() && !route.methods().contains(request.method())) {
            return AdminResponse.text(405, "method not allowed\n");
        }
        return route.page().serve(request);
    }
}
