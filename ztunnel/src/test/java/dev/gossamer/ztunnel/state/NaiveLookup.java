package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AddressRange;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.Service.Visibility;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of service lookup, said once more and without an index. */
final class NaiveLookup {
    private NaiveLookup() {}

    static @Nullable Service serviceAt(Collection<Service> services, NetworkAddress address, String namespace) {
        Comparator<Map.Entry<Service, Integer>> order = Comparator.comparing(
                        (Map.Entry<Service, Integer> e) -> e.getValue() < width(address))
                .thenComparing(e -> !e.getKey().name().namespace().equals(namespace))
                .thenComparing(e -> -e.getValue())
                .thenComparing(e -> !e.getKey().canonical())
                .thenComparing(e -> e.getKey().name());
        return services.stream()
                .filter(s -> s.visibility() == Visibility.PUBLIC
                        || s.name().namespace().equals(namespace))
                .flatMap(s -> longestClaim(s, address).map(length -> Map.entry(s, length)).stream())
                .min(order)
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private static Optional<Integer> longestClaim(Service service, NetworkAddress address) {
        return service.addresses().stream()
                .filter(c -> c.address().network().equals(address.network()))
                .filter(c -> new AddressRange(c.address().address(), c.prefixLength()).contains(address.address()))
                .map(c -> c.prefixLength())
                .max(Comparator.naturalOrder());
    }

    private static int width(NetworkAddress address) {
        return address.address().getAddress().length * 8;
    }
}
