package dev.gossamer.lab.network;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of a cluster, as the Kubernetes DNS specification (1.1.0) has them.
 *
 * <p>Thread-safe, as its catalog is.
 */
final class DnsZone {
    /** The record types that it has. */
    enum Type {
        A,
        AAAA,
        SRV,
        OTHER
    }

    private static final String DOMAIN = "cluster.local.";
    private static final Pattern DASHED_IP = Pattern.compile("\\d{1,3}(-\\d{1,3}){3}");

    private final ServiceCatalog catalog;

    DnsZone(ServiceCatalog catalog) {
        this.catalog = catalog;
    }

    /** {@code name}: fully qualified, with the dot at the end, in any case. */
    DnsAnswer ask(String name, Type type) {
        var wanted = name.toLowerCase(Locale.ROOT);
        if (wanted.equals(DOMAIN)) {
            return nothing();
        }
        if (!wanted.endsWith("." + DOMAIN)) {
            return new DnsAnswer.Unknown();
        }
        var labels = List.of(
                wanted.substring(0, wanted.length() - DOMAIN.length() - 1).split("\\."));
        var kind = labels.getLast();
        if (kind.equals("svc")) {
            return service(name, labels.subList(0, labels.size() - 1), type);
        }
        if (kind.equals("pod")) {
            return pod(name, labels.subList(0, labels.size() - 1), type);
        }
        return new DnsAnswer.Unknown();
    }

    private static DnsAnswer pod(String name, List<String> labels, Type type) {
        if (labels.size() != 2 || !DASHED_IP.matcher(labels.getFirst()).matches()) {
            return labels.size() < 2 ? nothing() : new DnsAnswer.Unknown();
        }
        return type == Type.A
                ? found(new DnsEntry.Address(name, labels.getFirst().replace('-', '.')))
                : nothing();
    }

    /** {@code labels}: what stands before {@code svc}. */
    private DnsAnswer service(String name, List<String> labels, Type type) {
        if (labels.size() < 2) {
            // A namespace, or all of them: exists without records, as names below it may.
            return nothing();
        }
        var id = new ServiceCatalog.Name(labels.getLast(), labels.get(labels.size() - 2));
        var service = catalog.service(id);
        if (service == null) {
            return new DnsAnswer.Unknown();
        }
        var rest = labels.subList(0, labels.size() - 2);
        return switch (rest.size()) {
            case 0 -> wholeService(name, id, service, type);
            case 1 -> member(name, id, service, rest.getFirst(), type);
            case 2 -> port(name, id, service, rest, type);
            default -> new DnsAnswer.Unknown();
        };
    }

    private DnsAnswer wholeService(String name, ServiceCatalog.Name id, Service service, Type type) {
        if ("ExternalName".equals(service.getSpec().getType())) {
            return alias(name, service.getSpec().getExternalName(), type);
        }
        return switch (type) {
            case A ->
                isHeadless(service)
                        ? addresses(name, members(id, service))
                        : found(new DnsEntry.Address(name, service.getSpec().getClusterIP()));
            case SRV -> allPorts(name, id, service);
            case AAAA, OTHER -> nothing();
        };
    }

    private DnsAnswer alias(String name, String target, Type type) {
        var full = target.endsWith(".") ? target : target + ".";
        var entries = new ArrayList<DnsEntry>();
        entries.add(new DnsEntry.Alias(name, full));
        if (ask(full, type) instanceof DnsAnswer.Found further) {
            entries.addAll(further.entries());
        }
        return new DnsAnswer.Found(entries, List.of());
    }

    private DnsAnswer member(String name, ServiceCatalog.Name id, Service service, String host, Type type) {
        if (!isHeadless(service)) {
            return new DnsAnswer.Unknown();
        }
        var addresses = members(id, service).get(host);
        if (addresses == null) {
            return new DnsAnswer.Unknown();
        }
        return type == Type.A ? addresses(name, Map.of(host, addresses)) : nothing();
    }

    /** {@code _http._tcp.service…} */
    private DnsAnswer port(String name, ServiceCatalog.Name id, Service service, List<String> labels, Type type) {
        var found = service.getSpec().getPorts().stream()
                .filter(port -> labels.equals(portLabels(port)))
                .findFirst();
        if (found.isEmpty()) {
            return new DnsAnswer.Unknown();
        }
        return type == Type.SRV ? srv(name, id, service, List.of(found.get())) : nothing();
    }

    private DnsAnswer allPorts(String name, ServiceCatalog.Name id, Service service) {
        return srv(name, id, service, service.getSpec().getPorts());
    }

    private DnsAnswer srv(String name, ServiceCatalog.Name id, Service service, List<ServicePort> ports) {
        var entries = new ArrayList<DnsEntry>();
        var additional = new ArrayList<DnsEntry>();
        var suffix = id.name() + "." + id.namespace() + ".svc." + DOMAIN;
        if (!isHeadless(service)) {
            ports.forEach(port -> entries.add(new DnsEntry.Srv(name, port.getPort(), suffix)));
            additional.add(new DnsEntry.Address(suffix, service.getSpec().getClusterIP()));
            return new DnsAnswer.Found(entries, additional);
        }
        members(id, service).forEach((host, addresses) -> {
            var target = host + "." + suffix;
            ports.forEach(port -> entries.add(new DnsEntry.Srv(name, port.getPort(), target)));
            addresses.forEach(address -> additional.add(new DnsEntry.Address(target, address)));
        });
        return new DnsAnswer.Found(entries, additional);
    }

    private static List<String> portLabels(ServicePort port) {
        var protocol = port.getProtocol() == null ? "tcp" : port.getProtocol().toLowerCase(Locale.ROOT);
        return port.getName() == null ? List.of() : List.of("_" + port.getName(), "_" + protocol);
    }

    private static boolean isHeadless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    /** The endpoints of a headless service by host name; those without one are called by their address. */
    private Map<String, List<String>> members(ServiceCatalog.Name id, Service service) {
        boolean withUnready = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        var members = new LinkedHashMap<String, List<String>>();
        for (var slice : catalog.slices(id)) {
            for (var endpoint : slice.getEndpoints()) {
                if (slice.getAddressType().equals("IPv4") && (withUnready || isReady(endpoint))) {
                    for (var address : endpoint.getAddresses()) {
                        var host = endpoint.getHostname() == null ? address.replace('.', '-') : endpoint.getHostname();
                        members.computeIfAbsent(host, _ -> new ArrayList<>()).add(address);
                    }
                }
            }
        }
        return members;
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static DnsAnswer addresses(String name, Map<String, List<String>> members) {
        return new DnsAnswer.Found(
                members.values().stream()
                        .flatMap(List::stream)
                        .distinct()
                        .map(address -> (DnsEntry) new DnsEntry.Address(name, address))
                        .toList(),
                List.of());
    }

    private static DnsAnswer found(DnsEntry... entries) {
        return new DnsAnswer.Found(Arrays.asList(entries), List.of());
    }

    private static DnsAnswer nothing() {
        return new DnsAnswer.Found(List.of(), List.of());
    }
}
