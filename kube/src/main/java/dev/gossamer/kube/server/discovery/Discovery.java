package dev.gossamer.kube.server.discovery;

import dev.gossamer.kube.schema.kinds.ResourceKind;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.resource.Catalog;
import dev.gossamer.kube.server.resource.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells which groups, versions and resources there are, in the old form and the aggregated one. Thread-safe. */
public final class Discovery {
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,6})(?:(alpha|beta)(\\d{1,6}))?");

    private final Catalog catalog;

    public Discovery(Catalog catalog) {
        this.catalog = catalog;
    }

    /** {@code /api}. */
    public static ObjectNode coreVersions() {
        var versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    /** {@code /apis}. */
    public ObjectNode groupList() {
        var list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = list.putArray("groups");
        byGroup().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                describe(group, versions, groups.addObject());
            }
        });
        return list;
    }

    /** {@code /apis/<group>}; empty if there is no such group. */
    public ObjectNode group(String group) {
        var versions = byGroup().get(group);
        var node = Json.object();
        if (versions != null) {
            node.put("kind", "APIGroup").put("apiVersion", "v1");
            describe(group, versions, node);
        }
        return node;
    }

    private static void describe(String group, Map<String, List<Resource>> versions, ObjectNode into) {
        into.put("name", group);
        var list = into.putArray("versions");
        versions.keySet()
                .forEach(version -> list.addObject()
                        .put("groupVersion", group + "/" + version)
                        .put("version", version));
        into.set("preferredVersion", list.get(0).deepCopy());
    }

    /** {@code /api/v1} or {@code /apis/<group>/<version>}; empty if nothing is served there. */
    public ObjectNode resourceList(String group, String version) {
        var list = Json.object();
        var found = catalog.of(group, version);
        if (found.isEmpty()) {
            return list;
        }
        list.put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", found.getFirst().kind().apiVersion());
        var resources = list.putArray("resources");
        for (var resource : found) {
            var kind = resource.kind();
            var entry = resources
                    .addObject()
                    .put("name", resource.plural())
                    .put("singularName", kind.names().singular())
                    .put("namespaced", kind.namespaced())
                    .put("kind", resource.kindName());
            texts(entry, "verbs", kind.verbs(), true);
            texts(entry, "shortNames", kind.names().shortNames(), false);
            texts(entry, "categories", kind.names().categories(), false);
            for (var below : Below.of(kind)) {
                var part = resources
                        .addObject()
                        .put("name", resource.plural() + "/" + below.name())
                        .put("singularName", "")
                        .put("namespaced", kind.namespaced())
                        .put("kind", below.kind());
                if (!below.group().equals(kind.group())) {
                    part.put("group", below.group()).put("version", below.version());
                }
                texts(part, "verbs", below.verbs(), true);
            }
        }
        return list;
    }

    /** {@code /api} ({@code core}) or {@code /apis} in the aggregated form. */
    public ObjectNode aggregated(boolean core) {
        var list = Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        var items = list.putArray("items");
        byGroup().forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                var item = items.addObject();
                var metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group);
                }
                var all2 = item.putArray("versions");
                versions.forEach((version, resources) -> {
                    var entry = all2.addObject().put("version", version);
                    var all = entry.putArray("resources");
                    resources.forEach(resource -> aggregated(resource, all.addObject()));
                    entry.put("freshness", "Current");
                });
            }
        });
        return list;
    }

    private static void aggregated(Resource resource, ObjectNode into) {
        var kind = resource.kind();
        into.put("resource", resource.plural());
        into.putObject("responseKind")
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", resource.kindName());
        into.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
        into.put("singularResource", kind.names().singular());
        texts(into, "verbs", kind.verbs(), true);
        texts(into, "shortNames", kind.names().shortNames(), false);
        texts(into, "categories", kind.names().categories(), false);
        var subresources = Below.of(kind);
        if (!subresources.isEmpty()) {
            var list = into.putArray("subresources");
            for (var below : subresources) {
                var part = list.addObject().put("subresource", below.name());
                part.putObject("responseKind")
                        .put("group", below.group())
                        .put("version", below.version())
                        .put("kind", below.kind());
                texts(part, "verbs", below.verbs(), true);
            }
        }
    }

    /** A subresource as discovery shows it. Immutable. */
    private record Below(String name, String group, String version, String kind, List<String> verbs) {
        static List<Below> of(ResourceKind kind) {
            var all = new ArrayList<Below>();
            var change = List.of("get", "patch", "update");
            if (kind.subresources().status()) {
                all.add(new Below(
                        "status", kind.group(), kind.version(), kind.names().kind(), change));
            }
            if (kind.subresources().scale() != null) {
                all.add(new Below("scale", "autoscaling", "v1", "Scale", change));
            }
            for (var name : kind.subresources().others()) {
                all.add(other(kind, name));
            }
            return all;
        }

        private static Below other(ResourceKind kind, String name) {
            return switch (name) {
                case "exec", "attach", "portforward" ->
                    new Below(
                            name,
                            "",
                            "v1",
                            "Pod" + (name.equals("exec") ? "Exec" : name.equals("attach") ? "Attach" : "PortForward")
                                    + "Options",
                            List.of("create", "get"));
                case "eviction" -> new Below(name, "policy", "v1", "Eviction", List.of("create"));
                case "binding" -> new Below(name, "", "v1", "Binding", List.of("create"));
                case "token" -> new Below(name, "authentication.k8s.io", "v1", "TokenRequest", List.of("create"));
                case "finalize" -> new Below(name, "", "v1", "Namespace", List.of("update"));
                case "log" -> new Below(name, "", "v1", "Pod", List.of("get"));
                default ->
                    new Below(
                            name, kind.group(), kind.version(), kind.names().kind(), List.of("get", "patch", "update"));
            };
        }
    }

    private static void texts(ObjectNode into, String field, List<String> texts, boolean always) {
        if (always || !texts.isEmpty()) {
            ArrayNode list = into.putArray(field);
            texts.forEach(list::add);
        }
    }

    /** Group to version to resources, groups in the catalog's order, versions best first. */
    private Map<String, Map<String, List<Resource>>> byGroup() {
        var groups = new LinkedHashMap<String, Map<String, List<Resource>>>();
        for (var resource : catalog.all()) {
            groups.computeIfAbsent(resource.group(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(resource.version(), _ -> new ArrayList<>())
                    .add(resource);
        }
        groups.replaceAll((_, versions) -> sorted(versions));
        return groups;
    }

    private static Map<String, List<Resource>> sorted(Map<String, List<Resource>> versions) {
        var names = new ArrayList<>(versions.keySet());
        names.sort((a, b) -> compareVersions(b, a));
        var sorted = new LinkedHashMap<String, List<Resource>>();
        names.forEach(name -> sorted.put(name, versions.getOrDefault(name, List.of())));
        return sorted;
    }

    /** Kubernetes' order: v2 over v1 over v1beta2 over v1beta1 over v1alpha1. */
    public static int compareVersions(String a, String b) {
        var left = VERSION.matcher(a);
        var right = VERSION.matcher(b);
        if (!left.matches() || !right.matches()) {
            return a.equals(b) ? 0 : left.matches() ? 1 : right.matches() ? -1 : b.compareTo(a);
        }
        int byStage = Integer.compare(stage(left.group(2)), stage(right.group(2)));
        if (byStage != 0) {
            return byStage;
        }
        int byMajor = Integer.compare(number(left.group(1)), number(right.group(1)));
        return byMajor != 0 ? byMajor : Integer.compare(number(left.group(3)), number(right.group(3)));
    }

    private static int stage(@Nullable String stage) {
        return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
