package dev.gossamer.kube.watch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of Kubernetes object: where the API serves it, and the class its objects are read into.
 *
 * <p>Immutable.
 *
 * @param group empty for the core group
 * @param optional whether the API may lack the kind (a custom resource whose definition is not installed yet); such a
 *     kind is picked up once the API serves it
 */
public record Kind<T extends HasMetadata>(
        String group, String version, String name, String plural, boolean namespaced, boolean optional, Class<T> type) {

    /** A kind that every API server has. */
    public static <T extends HasMetadata> Kind<T> builtIn(Class<T> type) {
        return typed(type, false);
    }

    /** A custom kind with a class of its own, such as those of the Gateway API. */
    public static <T extends HasMetadata> Kind<T> custom(Class<T> type) {
        return typed(type, true);
    }

    /** A namespaced custom kind without a class of its own. */
    public static Kind<GenericKubernetesResource> custom(String group, String version, String name, String plural) {
        return new Kind<>(group, version, name, plural, true, true, GenericKubernetesResource.class);
    }

    private static <T extends HasMetadata> Kind<T> typed(Class<T> type, boolean optional) {
        return new Kind<>(
                HasMetadata.getGroup(type),
                HasMetadata.getVersion(type),
                HasMetadata.getKind(type),
                HasMetadata.getPlural(type),
                Namespaced.class.isAssignableFrom(type),
                optional,
                type);
    }

    /** {@code v1} or {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** Where the API lists what it serves of this group and version. */
    String discoveryPath() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(name)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    /** The full name, as {@code kubectl} takes it: {@code pods}, {@code deployments.apps}. */
    @Override
    public String toString() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
