package dev.gossamer.cli.kubectl;

import dev.gossamer.cli.command.CommandException;
import dev.gossamer.cli.command.ExitCode;
import io.fabric8.kubernetes.api.model.APIGroupList;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds out what users mean by {@code po}, {@code deploy} or {@code authorizationpolicies.security.istio.io}. Confined to one command. */
final class Resources {
    /** One kind of object that the API serves. */
    record Served(String group, String version, APIResource resource) {
        boolean isNamed(String text) {
            var lower = text.toLowerCase(Locale.ROOT);
            return lower.equals(resource.getName())
                    || lower.equals(resource.getSingularName())
                    || lower.equals(resource.getKind().toLowerCase(Locale.ROOT))
                    || lower.equals(resource.getName() + "." + group)
                    || resource.getShortNames() != null
                            && resource.getShortNames().contains(lower);
        }

        boolean isNamespaced() {
            return Boolean.TRUE.equals(resource.getNamespaced());
        }

        /** {@code deployment.apps/web}. */
        String describe(String name) {
            var singular = resource.getKind().toLowerCase(Locale.ROOT);
            return (group.isEmpty() ? singular : singular + "." + group) + "/" + name;
        }
    }

    private final KubernetesClient client;
    private @Nullable List<Served> served;

    Resources(KubernetesClient client) {
        this.client = client;
    }

    Served find(String text) throws CommandException {
        for (var each : all()) {
            if (each.isNamed(text)) {
                return each;
            }
        }
        throw new CommandException(ExitCode.NOT_FOUND, "the server doesn't have a resource type \"" + text + "\"");
    }

    MixedOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>> of(
            Served kind) {
        return client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.resource().getKind())
                .withPlural(kind.resource().getName())
                .withNamespaced(kind.isNamespaced())
                .build());
    }

    NonNamespaceOperation<GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            in(Served kind, String namespace) {
        var operation = of(kind);
        return kind.isNamespaced() ? operation.inNamespace(namespace) : operation;
    }

    private List<Served> all() {
        var known = served;
        if (known == null) {
            known = new ArrayList<>();
            add(known, "", "v1", "/api/v1");
            var groups = client.getApiGroups();
            if (groups != null) {
                addGroups(known, groups);
            }
            served = known;
        }
        return known;
    }

    private void addGroups(List<Served> known, APIGroupList groups) {
        for (var group : groups.getGroups()) {
            var version = group.getPreferredVersion() == null
                    ? group.getVersions().getFirst().getVersion()
                    : group.getPreferredVersion().getVersion();
            add(known, group.getName(), version, "/apis/" + group.getName() + "/" + version);
        }
    }

    private void add(List<Served> known, String group, String version, String path) {
        var body = client.raw(path);
        if (body != null) {
            client.getKubernetesSerialization().unmarshal(body, APIResourceList.class).getResources().stream()
                    .filter(resource -> !resource.getName().contains("/"))
                    .forEach(resource -> known.add(new Served(group, version, resource)));
        }
    }
}
