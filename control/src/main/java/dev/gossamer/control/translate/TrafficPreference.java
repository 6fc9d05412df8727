package dev.gossamer.control.translate;

import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.LoadBalancing.HealthPolicy;
import dev.gossamer.core.workload.LoadBalancing.Mode;
import dev.gossamer.core.workload.LoadBalancing.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which endpoints of a service its clients should prefer. */
final class TrafficPreference {
    private static final List<Scope> SAME_ZONE = List.of(Scope.NETWORK, Scope.REGION, Scope.ZONE);
    private static final List<Scope> SAME_NODE =
            List.of(Scope.NETWORK, Scope.REGION, Scope.ZONE, Scope.SUBZONE, Scope.NODE);

    private TrafficPreference() {}

    static LoadBalancing of(ServiceObject service, @Nullable NamespaceObject namespace) {
        var health = service.traffic().publishNotReady() ? HealthPolicy.ALLOW_ALL : HealthPolicy.ONLY_HEALTHY;
        if (service.traffic().internalLocal()) {
            return new LoadBalancing(List.of(Scope.NODE), Mode.STRICT, health);
        }
        var spec = service.traffic().distribution();
        return of(spec == null ? annotated(service.metadata(), namespace) : spec, health);
    }

    static LoadBalancing of(ServiceEntryObject entry, @Nullable NamespaceObject namespace) {
        if (entry.resolution() == ServiceEntryObject.Resolution.NONE) {
            return new LoadBalancing(List.of(), Mode.PASSTHROUGH, HealthPolicy.ALLOW_ALL);
        }
        return of(annotated(entry.metadata(), namespace), HealthPolicy.ONLY_HEALTHY);
    }

    private static String annotated(Metadata object, @Nullable NamespaceObject namespace) {
        var own = object.annotation(MeshKeys.TRAFFIC_DISTRIBUTION);
        if (own != null) {
            return own;
        }
        var inherited = namespace == null ? null : namespace.metadata().annotation(MeshKeys.TRAFFIC_DISTRIBUTION);
        return inherited == null ? "" : inherited;
    }

    private static LoadBalancing of(String distribution, HealthPolicy health) {
        return switch (distribution) {
            case "PreferClose", "PreferSameZone" -> new LoadBalancing(SAME_ZONE, Mode.FAILOVER, health);
            case "PreferSameNode" -> new LoadBalancing(SAME_NODE, Mode.FAILOVER, health);
            default -> new LoadBalancing(List.of(), Mode.UNSPECIFIED, health);
        };
    }
}
