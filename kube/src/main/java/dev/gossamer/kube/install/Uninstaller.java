package dev.gossamer.kube.install;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what an installation left in a cluster, and removes it. Thread-safe. */
final class Uninstaller {
    /** Agents go first: they let go of the pods while the proxies still carry them. */
    private static final List<String> ORDER = List.of("istio-cni-node", "ztunnel", "istiod");

    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Deployment.class,
            Service.class,
            ConfigMap.class,
            RoleBinding.class,
            Role.class,
            ClusterRoleBinding.class,
            ClusterRole.class,
            ServiceAccount.class);

    private static final String ROOT_CERTIFICATE = "istio-ca-root-cert";
    private static final String ROOT_KEY = "istio-ca-secret";

    private final KubernetesClient client;
    private final Progress progress;
    private final Rollouts rollouts;

    Uninstaller(KubernetesClient client, Progress progress, Rollouts rollouts) {
        this.client = client;
        this.progress = progress;
        this.rollouts = rollouts;
    }

    boolean findsAnything() {
        return Stream.concat(Stream.<Class<? extends HasMetadata>>of(DaemonSet.class), KINDS.stream())
                .anyMatch(kind -> !ours(kind).isEmpty());
    }

    /** What an earlier installation with other values put there. */
    void removeAllBut(Manifests wanted) {
        Set<String> kept = wanted.objects().map(Uninstaller::identity).collect(Collectors.toSet());
        Stream.concat(Stream.<Class<? extends HasMetadata>>of(DaemonSet.class), KINDS.stream())
                .flatMap(kind -> ours(kind).stream())
                .filter(object -> !kept.contains(identity(object)))
                .forEach(object -> {
                    delete(object);
                    progress.note("removed " + object.getKind() + " "
                            + object.getMetadata().getName() + ", which these values do not ask for");
                });
    }

    void removeAll(String namespace, boolean purge, Duration timeout)
            throws InstallationException, InterruptedException {
        var workloads = Stream.concat(ours(DaemonSet.class).stream(), ours(Deployment.class).stream())
                .sorted(Comparator.comparingInt(
                        object -> ORDER.indexOf(object.getMetadata().getName())))
                .toList();
        for (var workload : workloads) {
            var name = workload.getMetadata().getName();
            progress.started(name);
            delete(workload);
            var selector =
                    switch (workload) {
                        case DaemonSet set -> set.getSpec().getSelector();
                        case Deployment deployment -> deployment.getSpec().getSelector();
                        default -> throw new IllegalStateException("not a workload: " + workload.getKind());
                    };
            rollouts.awaitGone(workload.getMetadata().getNamespace(), selector.getMatchLabels(), timeout);
            progress.done(name);
        }
        KINDS.forEach(kind -> ours(kind).forEach(this::delete));
        if (purge) {
            purge(namespace);
        }
    }

    private void purge(String namespace) {
        client.configMaps().inAnyNamespace().list().getItems().stream()
                .filter(map -> map.getMetadata().getName().equals(ROOT_CERTIFICATE))
                .forEach(this::delete);
        client.secrets().inNamespace(namespace).withName(ROOT_KEY).delete();
        ours(CustomResourceDefinition.class).forEach(definition -> {
            // Deleting a definition deletes its objects, and those are users' work.
            int objects = count(definition);
            if (objects == 0) {
                delete(definition);
            } else {
                progress.note("kept the definition of "
                        + definition.getMetadata().getName() + ": there are " + objects
                        + " objects of it; delete them first if they are not needed");
            }
        });
        ours(Namespace.class).forEach(this::delete);
    }

    private int count(CustomResourceDefinition definition) {
        var spec = definition.getSpec();
        var version = spec.getVersions().stream()
                .filter(candidate -> Boolean.TRUE.equals(candidate.getServed()))
                .findFirst();
        return version.isEmpty()
                ? 0
                : client.genericKubernetesResources(
                                spec.getGroup() + "/" + version.get().getName(),
                                spec.getNames().getKind())
                        .inAnyNamespace()
                        .list()
                        .getItems()
                        .size();
    }

    private <T extends HasMetadata> List<T> ours(Class<T> kind) {
        try {
            return client.resources(kind)
                    .inAnyNamespace()
                    .withLabel(Manifests.MANAGED_BY, Manifests.MANAGER)
                    .list()
                    .getItems();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    private void delete(HasMetadata object) {
        client.resource(object)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    private static String identity(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }
}
