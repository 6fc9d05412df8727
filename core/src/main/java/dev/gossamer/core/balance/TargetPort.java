package dev.gossamer.core.balance;

import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which port of an endpoint stands behind a service's port. Stateless. */
public final class TargetPort {
    /** The endpoint does not serve the port. */
    public static final int NONE = 0;

    private TargetPort() {}

    /** Whether the service has this port at all: if not, no endpoint can help. */
    public static boolean isListed(Service service, int port) {
        return find(service.ports(), port) != null;
    }

    /** The endpoint's own mapping, else the service's, else (for one behind an application tunnel) the same port. */
    public static int of(Service service, Workload endpoint, int port) {
        var listed = find(service.ports(), port);
        if (listed == null) {
            return NONE;
        }
        return mapped(service, endpoint, port, listed.targetPort());
    }

    /**
     * For a connection to the tunnel port of a waypoint or gateway: a service in front of one need not list it.
     *
     * @param hbonePort as the reference to the waypoint names it
     */
    public static int ofWaypoint(Service service, Workload endpoint, int hbonePort) {
        var listed = find(service.ports(), hbonePort);
        if (listed != null) {
            return mapped(service, endpoint, hbonePort, listed.targetPort());
        }
        var application = endpoint.tunnel().application();
        if (application == null) {
            return NONE;
        }
        return application.port() != 0 ? hbonePort : mapped(service, endpoint, hbonePort, 0);
    }

    private static int mapped(Service service, Workload endpoint, int port, int serviceTarget) {
        var own = find(endpoint.services().getOrDefault(service.name(), List.of()), port);
        if (own != null && own.targetPort() != 0) {
            return own.targetPort();
        }
        if (serviceTarget != 0) {
            return serviceTarget;
        }
        var application = endpoint.tunnel().application();
        return application != null && application.port() != 0 ? port : NONE;
    }

    private static @Nullable ServicePort find(List<ServicePort> ports, int port) {
        for (var candidate : ports) {
            if (candidate.port() == port) {
                return candidate;
            }
        }
        return null;
    }
}
