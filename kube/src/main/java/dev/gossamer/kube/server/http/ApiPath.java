package dev.gossamer.kube.server.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of a resource: {@code /apis/<group>/<version>/namespaces/<namespace>/<plural>/<name>/<subresource>}.
 *
 * <p>Immutable.
 *
 * @param namespace empty for the cluster, or for all namespaces
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record ApiPath(
        String group, String version, String namespace, String plural, String name, String subresource, boolean watch) {
    /** Null where a path is none of a resource; {@code segments} are decoded. */
    static @Nullable ApiPath parse(List<String> segments) {
        if (segments.isEmpty() || segments.contains("")) {
            return null;
        }
        boolean core = segments.getFirst().equals("api");
        int rest = core ? 2 : 3;
        if (!core && !segments.getFirst().equals("apis") || segments.size() <= rest) {
            return null;
        }
        return parse(core ? "" : segments.get(1), segments.get(core ? 1 : 2), segments.subList(rest, segments.size()));
    }

    private static @Nullable ApiPath parse(String group, String version, List<String> all) {
        // The old way of asking for a watch, which some clients still use.
        boolean watch = all.getFirst().equals("watch") && all.size() > 1;
        var rest = watch ? all.subList(1, all.size()) : all;
        boolean namespaced = rest.getFirst().equals("namespaces") && rest.size() > 2 && !isSubresource(rest);
        var namespace = namespaced ? rest.get(1) : "";
        var place = namespaced ? rest.subList(2, rest.size()) : rest;
        if (place.size() > 3) {
            return null;
        }
        return new ApiPath(
                group,
                version,
                namespace,
                place.getFirst(),
                place.size() > 1 ? place.get(1) : "",
                place.size() > 2 ? place.get(2) : "",
                watch);
    }

    /** {@code namespaces/x/status} and {@code namespaces/x/finalize} are the namespace's own. */
    private static boolean isSubresource(List<String> rest) {
        return rest.size() == 3 && (rest.get(2).equals("status") || rest.get(2).equals("finalize"));
    }

    boolean isCollection() {
        return name.isEmpty();
    }
}
