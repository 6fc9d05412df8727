package dev.gossamer.control.source;

import dev.gossamer.kube.watch.Kind;
import dev.gossamer.kube.watch.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/** What is watched. */
public final class WatchedKinds {
    public static final Kind<GenericKubernetesResource> AUTHORIZATION_POLICY =
            Kind.custom("security.istio.io", "v1", "AuthorizationPolicy", "authorizationpolicies");

    private static final String MESH_CONFIG = "istio";

    private WatchedKinds() {}

    /** {@code systemNamespace}: where the mesh's settings are. */
    static List<Source> sources(String systemNamespace) {
        return List.of(
                Source.all(Kind.builtIn(Namespace.class)),
                Source.all(Kind.builtIn(Node.class)),
                Source.all(Kind.builtIn(Pod.class)),
                Source.all(Kind.builtIn(Service.class)),
                Source.all(Kind.builtIn(EndpointSlice.class)),
                Source.all(Kind.builtIn(ConfigMap.class))
                        .inNamespace(systemNamespace)
                        .withField("metadata.name", MESH_CONFIG),
                Source.all(AUTHORIZATION_POLICY),
                Source.all(Kind.custom("security.istio.io", "v1", "PeerAuthentication", "peerauthentications")),
                Source.all(Kind.custom("networking.istio.io", "v1", "ServiceEntry", "serviceentries")),
                Source.all(Kind.custom("networking.istio.io", "v1", "WorkloadEntry", "workloadentries")),
                Source.all(Kind.custom("gateway.networking.k8s.io", "v1", "Gateway", "gateways")),
                Source.all(new Kind<>(
                        "gateway.networking.k8s.io",
                        "v1",
                        "GatewayClass",
                        "gatewayclasses",
                        false,
                        true,
                        GenericKubernetesResource.class)));
    }
}
