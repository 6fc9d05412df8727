package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which pods serve a service, and on which ports.
 *
 * <p>Immutable.
 *
 * @param ready whether it may be sent traffic; true throughout if the service publishes addresses that are not ready
 * @param ports resolved for this pod: named target ports may differ between pods
 */
record ServiceBackends(Pod pod, String address, boolean ready, boolean serving, List<Port> ports) {
    /** {@code name} is empty for the one port that needs none. */
    record Port(
            String name,
            int number,
            String protocol,
            @Nullable String appProtocol) {
        private static final Comparator<Port> ORDER =
                Comparator.comparing(Port::name).thenComparingInt(Port::number).thenComparing(Port::protocol);
    }

    static boolean selects(Service service, Map<String, String> podLabels) {
        var selector = service.getSpec().getSelector();
        return selector != null && !selector.isEmpty() && podLabels.entrySet().containsAll(selector.entrySet());
    }

    /** The pods' addresses of the family, in a stable order. */
    static List<ServiceBackends> of(Service service, List<Pod> pods, boolean ipv6) {
        boolean publishAll = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        return pods.stream()
                .filter(pod -> selects(service, Objects.labels(pod)) && !Pods.isFinished(pod))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .flatMap(pod -> {
                    var address = address(pod, ipv6);
                    return address == null
                            ? Stream.empty()
                            : Stream.of(new ServiceBackends(
                                    pod,
                                    address,
                                    publishAll || Pods.isReady(pod) && !Objects.isBeingDeleted(pod),
                                    publishAll || Pods.isReady(pod),
                                    ports(service, pod)));
                })
                .toList();
    }

    /** Those with the same ports together: a slice has one list of ports. */
    static Map<List<Port>, List<ServiceBackends>> byPorts(List<ServiceBackends> backends) {
        var groups = new TreeMap<List<Port>, List<ServiceBackends>>(Comparator.comparing(List::toString));
        for (var backend : backends) {
            groups.computeIfAbsent(backend.ports(), _ -> new java.util.ArrayList<>())
                    .add(backend);
        }
        return groups;
    }

    private static @Nullable String address(Pod pod, boolean ipv6) {
        var status = pod.getStatus();
        if (status == null) {
            return null;
        }
        var all = status.getPodIPs() == null || status.getPodIPs().isEmpty()
                ? Stream.ofNullable(status.getPodIP())
                : status.getPodIPs().stream().map(podIp -> podIp.getIp());
        return all.filter(ip -> !ip.isEmpty() && ip.contains(":") == ipv6)
                .findFirst()
                .orElse(null);
    }

    private static List<Port> ports(Service service, Pod pod) {
        var ports = service.getSpec().getPorts();
        return ports == null
                ? List.of()
                : ports.stream()
                        .flatMap(port -> {
                            var number = target(port, pod);
                            // A pod without the named port serves the service's other ports.
                            return number == null
                                    ? Stream.empty()
                                    : Stream.of(new Port(
                                            port.getName() == null ? "" : port.getName(),
                                            number,
                                            protocol(port.getProtocol()),
                                            port.getAppProtocol()));
                        })
                        .sorted(Port.ORDER)
                        .toList();
    }

    private static @Nullable Integer target(ServicePort port, Pod pod) {
        var target = port.getTargetPort();
        if (target == null) {
            return port.getPort();
        }
        var name = target.getStrVal();
        if (name == null) {
            var number = target.getIntVal();
            return number == null || number == 0 ? port.getPort() : number;
        }
        return Pods.containers(pod).stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(candidate -> name.equals(candidate.getName())
                        && protocol(candidate.getProtocol()).equals(protocol(port.getProtocol())))
                .map(candidate -> candidate.getContainerPort())
                .findFirst()
                .orElse(null);
    }

    private static String protocol(@Nullable String protocol) {
        return protocol == null || protocol.isEmpty() ? "TCP" : protocol;
    }
}
