package dev.gossamer.control.translate;

import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.core.workload.Locality;
import java.util.List;

/**
 * What a workload's translation needs beside its own object. Immutable.
 *
 * @param services that it stands behind, by their selector or by a slice that names it
 * @param slices that name it as an endpoint of a service without a selector
 * @param entries whose selector picks it, with the hosts that they hold
 * @param policies keys of those that select it, in the order in which proxies get them
 */
public record Surroundings(
        Locality locality,
        List<ServiceObject> services,
        List<SliceMembership> slices,
        List<SelectedBy> entries,
        List<String> policies,
        WaypointChoice waypoints) {
    public Surroundings {
        services = List.copyOf(services);
        slices = List.copyOf(slices);
        entries = List.copyOf(entries);
        policies = List.copyOf(policies);
    }

    /** Someone wrote the workload into a slice of a service. Immutable. */
    public record SliceMembership(ServiceObject service, EndpointSliceObject slice) {}

    /** {@code hosts}: those of the entry that no other object took. Immutable. */
    public record SelectedBy(ServiceEntryObject entry, List<String> hosts) {
        public SelectedBy {
            hosts = List.copyOf(hosts);
        }
    }
}
