package dev.gossamer.control.translate;

import dev.gossamer.control.observed.GatewayClassObject;
import dev.gossamer.control.observed.GatewayObject;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.ObjectName;
import org.jspecify.annotations.Nullable;

/** What choosing a waypoint asks of the cluster. */
public interface GatewayLookup {
    @Nullable
    GatewayObject gateway(ObjectName name);

    @Nullable
    GatewayClassObject gatewayClass(String name);

    @Nullable
    NamespaceObject namespace(String name);
}
