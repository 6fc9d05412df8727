package dev.gossamer.control.translate;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceEntryObject.Resolution;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Service.IpFamilies;
import dev.gossamer.core.workload.Service.Visibility;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.VirtualAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kubernetes services and ServiceEntries as the mesh's services. Immutable. */
public final class ServiceTranslation {
    private final MeshOptions mesh;

    public ServiceTranslation(MeshOptions mesh) {
        this.mesh = mesh;
    }

    /** The name that clients in the cluster call a service by. */
    public String hostname(ServiceObject service) {
        return service.name().name() + "." + service.name().namespace() + ".svc." + mesh.domain();
    }

    public ServiceName nameOf(ServiceObject service) {
        return new ServiceName(service.name().namespace(), hostname(service));
    }

    /** Absent for one that is but another name for a host elsewhere. */
    public @Nullable Service translate(
            ServiceObject service, @Nullable NamespaceObject namespace, WaypointChoice waypoints) {
        if (service.externalName()) {
            return null;
        }
        var ports = new ArrayList<ServicePort>();
        for (var port : service.ports()) {
            int target =
                    switch (port.target()) {
                        case ServiceObject.Target.Number(var number) -> number;
                        case ServiceObject.Target.Name _ -> 0;
                    };
            var protocol = port.transport() == ServiceObject.Transport.TCP
                    ? AppProtocols.of(port.appProtocol(), port.name())
                    : ServicePort.AppProtocol.UNKNOWN;
            ports.add(new ServicePort(port.port(), target, protocol));
        }
        var addresses = service.clusterIps().stream()
                .map(ip -> VirtualAddress.single(mesh.network(), ip))
                .toList();
        var binding = waypoints.forService(service.metadata());
        return new Service(
                nameOf(service),
                service.name().name(),
                addresses,
                ports,
                List.of(),
                binding.addressOrNull(),
                waypoints.weighted(service.metadata(), binding),
                TrafficPreference.of(service, namespace),
                families(service.families()),
                true,
                Visibility.PUBLIC);
    }

    /** {@code host}: one of the entry's. {@code canonical}: it won among those that claim the host. */
    public Service translate(
            ServiceEntryObject entry,
            String host,
            boolean canonical,
            @Nullable NamespaceObject namespace,
            WaypointChoice waypoints) {
        var ports = new ArrayList<ServicePort>();
        for (var port : entry.ports()) {
            int target = port.target() == 0 ? port.port() : port.target();
            ports.add(new ServicePort(port.port(), target, AppProtocols.ofName(port.protocol())));
        }
        var binding = waypoints.forService(entry.metadata());
        return new Service(
                new ServiceName(entry.name().namespace(), host),
                entry.name().name(),
                addresses(entry, host),
                ports,
                entry.subjectAltNames(),
                binding.addressOrNull(),
                waypoints.weighted(entry.metadata(), binding),
                TrafficPreference.of(entry, namespace),
                IpFamilies.AUTOMATIC,
                canonical,
                Visibility.PUBLIC);
    }

    /** Its own, else those that an allocator found for the host. */
    private List<VirtualAddress> addresses(ServiceEntryObject entry, String host) {
        var addresses = new ArrayList<VirtualAddress>();
        if (!entry.addresses().isEmpty()) {
            for (var text : entry.addresses()) {
                var range = AddressText.parseRange(text);
                if (range != null) {
                    addresses.add(new VirtualAddress(
                            new NetworkAddress(mesh.network(), range.address()), range.prefixLength()));
                }
            }
            return addresses;
        }
        boolean resolvable = entry.resolution() == Resolution.DYNAMIC_DNS
                || entry.resolution() != Resolution.NONE && !host.startsWith("*");
        for (var allocated : resolvable ? entry.allocated() : List.<ServiceEntryObject.Allocated>of()) {
            var ip = allocated.host().equals(host) ? AddressText.parse(allocated.address()) : null;
            if (ip != null) {
                addresses.add(VirtualAddress.single(mesh.network(), ip));
            }
        }
        return addresses;
    }

    private static IpFamilies families(ServiceObject.Families families) {
        if (families.ipv4() && families.ipv6()) {
            return IpFamilies.DUAL;
        }
        if (families.ipv4()) {
            return IpFamilies.IPV4_ONLY;
        }
        return families.ipv6() ? IpFamilies.IPV6_ONLY : IpFamilies.AUTOMATIC;
    }
}
