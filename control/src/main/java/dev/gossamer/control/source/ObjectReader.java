package dev.gossamer.control.source;

import dev.gossamer.control.observed.MeshConfigObject;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.NodeObject;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.Observed;
import dev.gossamer.control.translate.MeshKeys;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cuts objects of the Kubernetes API down to what the mesh is derived from. Thread-safe: has no state. */
public final class ObjectReader {
    /** All others are left behind: they can be large, and change for reasons that are no concern of the mesh. */
    private static final Set<String> ANNOTATIONS = Set.of(
            MeshKeys.REDIRECTION,
            MeshKeys.TRAFFIC_DISTRIBUTION,
            MeshKeys.CANARY_WAYPOINT_WEIGHT,
            MeshKeys.WAYPOINT_INBOUND_BINDING,
            MeshKeys.DRY_RUN);

    private ObjectReader() {}

    /** Absent for an object that has no meaning for the mesh. */
    public static @Nullable Observed read(HasMetadata object) {
        return switch (object) {
            case Pod pod -> CoreObjects.pod(pod);
            case Service service -> CoreObjects.service(service);
            case EndpointSlice slice -> CoreObjects.slice(slice);
            case Node node -> new NodeObject(metadata(node));
            case Namespace namespace -> new NamespaceObject(metadata(namespace));
            case ConfigMap map -> meshConfig(map);
            case GenericKubernetesResource custom -> custom(custom);
            default -> null;
        };
    }

    private static @Nullable Observed custom(GenericKubernetesResource object) {
        var metadata = metadata(object);
        var properties = Fields.of(object.getAdditionalProperties());
        var spec = properties.child("spec");
        return switch (object.getKind()) {
            case "ServiceEntry" -> CustomObjects.serviceEntry(metadata, spec, properties.child("status"));
            case "WorkloadEntry" -> CustomObjects.workloadEntry(metadata, spec);
            case "AuthorizationPolicy" ->
                PolicyObjects.authorizationPolicy(
                        metadata,
                        Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L),
                        spec);
            case "PeerAuthentication" -> PolicyObjects.peerAuthentication(metadata, spec);
            case "Gateway" -> CustomObjects.gateway(metadata, spec, properties.child("status"));
            case "GatewayClass" -> CustomObjects.gatewayClass(metadata);
            default -> null;
        };
    }

    private static Observed meshConfig(ConfigMap map) {
        var text = map.getData() == null ? null : map.getData().get("mesh");
        var mesh = Fields.of(text == null ? null : new KubernetesSerialization().unmarshal(text, Map.class));
        return new MeshConfigObject(metadata(map), mesh.text("trustDomain"), mesh.text("rootNamespace"));
    }

    static Metadata metadata(HasMetadata object) {
        var metadata = object.getMetadata();
        var annotations = new HashMap<String, String>();
        if (metadata.getAnnotations() != null) {
            metadata.getAnnotations().forEach((key, value) -> {
                if (ANNOTATIONS.contains(key)) {
                    annotations.put(key, value);
                }
            });
        }
        return new Metadata(
                new ObjectName(orEmpty(metadata.getNamespace()), metadata.getName()),
                orEmpty(metadata.getUid()),
                instant(metadata.getCreationTimestamp()),
                metadata.getLabels() == null ? Map.of() : metadata.getLabels(),
                annotations);
    }

    /** The epoch for an object that does not say, which only one that never saw an API server does not. */
    private static Instant instant(@Nullable String timestamp) {
        try {
            return timestamp == null ? Instant.EPOCH : Instant.parse(timestamp);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
