package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives each namespace its default service account and what pods trust the API server by. */
final class NamespaceController implements Controller {
    private static final String DEFAULT_ACCOUNT = "default";
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final String ROOT_CA_KEY = "ca.crt";

    private final Cluster cluster;
    private final String clusterCaPem;

    NamespaceController(Cluster cluster, String clusterCaPem) {
        this.cluster = cluster;
        this.clusterCaPem = clusterCaPem;
    }

    @Override
    public String name() {
        return "namespace";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        var name = object.getMetadata().getName();
        if (kind.equals(Kinds.NAMESPACES)) {
            return List.of(new Request("", name));
        }
        boolean ours = kind.equals(Kinds.SERVICE_ACCOUNTS) && name.equals(DEFAULT_ACCOUNT)
                || kind.equals(Kinds.CONFIG_MAPS) && name.equals(ROOT_CA);
        return ours ? List.of(new Request("", Objects.namespace(object))) : List.of();
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var namespace = cluster.view().get(Kinds.NAMESPACES, "", request.name());
        if (namespace == null || Objects.isBeingDeleted(namespace)) {
            return null;
        }
        if (cluster.view().get(Kinds.SERVICE_ACCOUNTS, request.name(), DEFAULT_ACCOUNT) == null) {
            cluster.createIfMissing(
                    Kinds.SERVICE_ACCOUNTS,
                    new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withNamespace(request.name())
                            .withName(DEFAULT_ACCOUNT)
                            .endMetadata()
                            .build());
        }
        publishRootCa(request.name());
        return null;
    }

    private void publishRootCa(String namespace) {
        var data = Map.of(ROOT_CA_KEY, clusterCaPem);
        var known = cluster.view().get(Kinds.CONFIG_MAPS, namespace, ROOT_CA);
        if (known == null) {
            cluster.createIfMissing(
                    Kinds.CONFIG_MAPS,
                    new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(ROOT_CA)
                            .endMetadata()
                            .withData(data)
                            .build());
        } else if (!data.equals(known.getData())) {
            cluster.update(Kinds.CONFIG_MAPS, known.edit().withData(data).build());
        }
    }
}
