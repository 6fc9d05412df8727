package dev.gossamer.lab.network;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.gossamer.lab.network.ServiceBackend.Endpoint;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The services and endpoints of the cluster as they are now. Thread-safe. */
final class ServiceCatalog {
    private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

    /** Immutable. */
    record Name(String namespace, String name) {}

    @GuardedBy("this")
    private final Map<Name, Service> services = new HashMap<>();

    /** By service, then by slice. */
    @GuardedBy("this")
    private final Map<Name, Map<String, EndpointSlice>> slices = new HashMap<>();

    synchronized void put(Service service) {
        services.put(name(service), service);
    }

    synchronized void remove(Service service) {
        services.remove(name(service));
    }

    synchronized void put(EndpointSlice slice) {
        var owner = owner(slice);
        if (owner != null) {
            slices.computeIfAbsent(owner, _ -> new HashMap<>())
                    .put(slice.getMetadata().getName(), slice);
        }
    }

    synchronized void remove(EndpointSlice slice) {
        var owner = owner(slice);
        var of = owner == null ? null : slices.get(owner);
        if (owner != null && of != null) {
            of.remove(slice.getMetadata().getName());
            if (of.isEmpty()) {
                slices.remove(owner);
            }
        }
    }

    private static Name name(Service service) {
        return new Name(
                service.getMetadata().getNamespace(), service.getMetadata().getName());
    }

    private static @Nullable Name owner(EndpointSlice slice) {
        var labels = slice.getMetadata().getLabels();
        var name = labels == null ? null : labels.get(SERVICE_NAME_LABEL);
        return name == null ? null : new Name(slice.getMetadata().getNamespace(), name);
    }

    synchronized @Nullable Service service(Name name) {
        return services.get(name);
    }

    synchronized List<EndpointSlice> slices(Name service) {
        return List.copyOf(slices.getOrDefault(service, Map.of()).values());
    }

    /** What each port of each ClusterIP leads to on {@code node}. */
    synchronized List<ServiceBackend> backends(String node) {
        var backends = new ArrayList<ServiceBackend>();
        services.forEach((name, service) -> {
            var ip = service.getSpec().getClusterIP();
            if (ip == null || ip.isEmpty() || ip.equals("None")) {
                return;
            }
            boolean onlyLocal = "Local".equals(service.getSpec().getInternalTrafficPolicy());
            for (var port : service.getSpec().getPorts()) {
                var protocol =
                        port.getProtocol() == null ? "tcp" : port.getProtocol().toLowerCase(Locale.ROOT);
                backends.add(new ServiceBackend(
                        name.namespace() + "/" + name.name() + ":" + port.getPort(),
                        ip,
                        protocol,
                        port.getPort(),
                        endpoints(name, port, onlyLocal ? node : null),
                        "ClientIP".equals(service.getSpec().getSessionAffinity())));
            }
        });
        backends.sort(Comparator.comparing(ServiceBackend::name).thenComparing(ServiceBackend::protocol));
        return backends;
    }

    /** The ready ones, or, where none is, those that end but still serve. */
    @GuardedBy("this")
    private List<Endpoint> endpoints(Name service, ServicePort port, @Nullable String onlyNode) {
        var ready = new ArrayList<Endpoint>();
        var ending = new ArrayList<Endpoint>();
        for (var slice : slices.getOrDefault(service, Map.of()).values()) {
            if (!"IPv4".equals(slice.getAddressType())) {
                continue;
            }
            var number = number(slice, port);
            if (number == null) {
                continue;
            }
            for (var endpoint : slice.getEndpoints()) {
                if (onlyNode != null && !onlyNode.equals(endpoint.getNodeName())) {
                    continue;
                }
                var conditions = endpoint.getConditions();
                boolean isReady = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
                boolean isEnding = conditions != null
                        && Boolean.TRUE.equals(conditions.getServing())
                        && Boolean.TRUE.equals(conditions.getTerminating());
                if (isReady || isEnding) {
                    add(isReady ? ready : ending, endpoint.getAddresses(), number);
                }
            }
        }
        return (ready.isEmpty() ? ending : ready).stream().distinct().sorted().toList();
    }

    private static void add(Collection<Endpoint> target, List<String> addresses, int port) {
        addresses.forEach(address -> target.add(new Endpoint(address, port)));
    }

    private static @Nullable Integer number(EndpointSlice slice, ServicePort port) {
        var wanted = port.getName() == null ? "" : port.getName();
        return slice.getPorts().stream()
                .filter(each -> wanted.equals(each.getName() == null ? "" : each.getName()))
                .map(each -> each.getPort())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
