package dev.gossamer.control.translate;

import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.ServicePort.AppProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which port of a workload stands behind each port of a service. */
final class PortBinding {
    private PortBinding() {}

    /** A named port that the pod does not have is left out: the pod does not serve it. */
    static List<ServicePort> ofPod(ServiceObject service, Map<String, Integer> containerPorts) {
        var bound = new ArrayList<ServicePort>();
        for (var port : service.ports()) {
            @Nullable
            Integer target =
                    switch (port.target()) {
                        case ServiceObject.Target.Number(var number) -> number;
                        case ServiceObject.Target.Name(var name) -> containerPorts.get(name);
                    };
            add(bound, port.port(), target);
        }
        return bound;
    }

    /** An entry's own ports win, by the service port's name or by its target's. */
    static List<ServicePort> ofEntry(ServiceObject service, Map<String, Integer> entryPorts) {
        var bound = new ArrayList<ServicePort>();
        for (var port : service.ports()) {
            var named = entryPorts.get(port.name());
            @Nullable
            Integer target =
                    switch (port.target()) {
                        case ServiceObject.Target.Number(var number) -> number;
                        case ServiceObject.Target.Name(var name) -> entryPorts.get(name);
                    };
            add(bound, port.port(), named == null ? target : named);
        }
        return bound;
    }

    static List<ServicePort> of(ServiceEntryObject entry, Map<String, Integer> workloadPorts) {
        var bound = new ArrayList<ServicePort>();
        for (var port : entry.ports()) {
            var named = workloadPorts.get(port.name());
            add(bound, port.port(), named != null ? named : port.target() == 0 ? port.port() : port.target());
        }
        return bound;
    }

    static List<ServicePort> of(ServiceObject service, EndpointSliceObject slice) {
        var bound = new ArrayList<ServicePort>();
        for (var port : service.ports()) {
            for (var endpointPort : slice.ports()) {
                if (port.transport() == ServiceObject.Transport.TCP
                        && endpointPort.name().equals(port.name())) {
                    add(bound, port.port(), endpointPort.port());
                }
            }
        }
        return bound;
    }

    private static void add(List<ServicePort> bound, int port, @Nullable Integer target) {
        if (target != null) {
            // The service itself says what the port speaks.
            bound.add(new ServicePort(port, target, AppProtocol.UNKNOWN));
        }
    }
}
