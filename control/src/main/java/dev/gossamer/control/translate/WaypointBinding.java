package dev.gossamer.control.translate;

import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.core.workload.GatewayAddress;
import org.jspecify.annotations.Nullable;

/** Which waypoint an object's traffic goes through. Immutable. */
public sealed interface WaypointBinding {
    /** Nobody asked for one, or someone asked for none. */
    record Unbound() implements WaypointBinding {}

    record Bound(ObjectName gateway, GatewayAddress address) implements WaypointBinding {}

    /** One was asked for and cannot be had: the object's traffic goes without. */
    record Refused(ObjectName gateway, Reason reason) implements WaypointBinding {}

    enum Reason {
        NOT_READY,
        ATTACHMENT_DENIED,
        UNSUPPORTED_TRAFFIC_TYPE
    }

    WaypointBinding UNBOUND = new Unbound();

    /** The address to send, if there is one. */
    default @Nullable GatewayAddress addressOrNull() {
        return switch (this) {
            case Bound(var _, var address) -> address;
            case Unbound _, Refused _ -> null;
        };
    }
}
