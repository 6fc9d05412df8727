package dev.gossamer.kube.schema.kinds;

import java.util.Map;
import java.util.Set;

/** The names under which model classes stand in an API server's OpenAPI documents. Stateless. */
final class ComponentNames {
    private static final String MODEL = "io.fabric8.kubernetes.api.model";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /** In the models, the core group's package also holds what belongs to no group. */
    private static final Set<String> META_KINDS = Set.of(
            "Condition",
            "DeleteOptions",
            "FieldsV1",
            "LabelSelector",
            "LabelSelectorRequirement",
            "ListMeta",
            "ManagedFieldsEntry",
            "MicroTime",
            "ObjectMeta",
            "OwnerReference",
            "Preconditions",
            "Status",
            "StatusCause",
            "StatusDetails");

    private static final Map<String, String> GROUPS = Map.ofEntries(
            Map.entry("apps", "io.k8s.api.apps.v1."),
            Map.entry("rbac", "io.k8s.api.rbac.v1."),
            Map.entry("authentication", "io.k8s.api.authentication.v1."),
            Map.entry("storage", "io.k8s.api.storage.v1."),
            Map.entry("apiextensions.v1", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."));

    private ComponentNames() {}

    static String of(Class<?> model) {
        String name = model.getSimpleName();
        String where = model.getPackageName();
        if (where.equals(MODEL)) {
            return switch (name) {
                case "Quantity" -> "io.k8s.apimachinery.pkg.api.resource.Quantity";
                case "IntOrString" -> "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
                case "RawExtension", "AnyType" -> "io.k8s.apimachinery.pkg.runtime." + name;
                case String other when META_KINDS.contains(other) -> META + name;
                default -> "io.k8s.api.core.v1." + name;
            };
        }
        String group = where.startsWith(MODEL + ".") ? where.substring(MODEL.length() + 1) : where;
        return GROUPS.getOrDefault(group, "io.k8s.api." + group + ".") + name;
    }
}
