package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a service's backends down as slices, and in the form that came before slices. */
final class EndpointSlices {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final int MAX_ENDPOINTS = 100;

    private EndpointSlices() {}

    /** {@code nodes} finds a node by its name, for its zone. */
    static List<EndpointSlice> of(
            Service service, List<ServiceBackends> backends, boolean ipv6, Function<String, @Nullable Node> nodes) {
        var slices = new ArrayList<EndpointSlice>();
        ServiceBackends.byPorts(backends).forEach((ports, group) -> {
            for (int from = 0; from < group.size(); from += MAX_ENDPOINTS) {
                var part = group.subList(from, Math.min(group.size(), from + MAX_ENDPOINTS));
                slices.add(slice(service, ports, part, ipv6, from / MAX_ENDPOINTS, nodes));
            }
        });
        if (slices.isEmpty()) {
            // An empty slice tells "nobody there" from "not looked at yet".
            slices.add(slice(service, List.of(), List.of(), ipv6, 0, nodes));
        }
        return slices;
    }

    private static EndpointSlice slice(
            Service service,
            List<ServiceBackends.Port> ports,
            List<ServiceBackends> backends,
            boolean ipv6,
            int index,
            Function<String, @Nullable Node> nodes) {
        var labels = new HashMap<>(Objects.labels(service));
        labels.put(SERVICE_NAME, service.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put("service.kubernetes.io/headless", "");
        }
        // The name follows from what is in it, so that a restart finds its slices again.
        long seed = (ports + "/" + ipv6 + "/" + index).hashCode();
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName() + "-" + PodTemplates.encode(seed * 0x9e3779b97f4a7c15L, 5))
                .withLabels(labels)
                .withOwnerReferences(Objects.controlledBy(service))
                .endMetadata()
                .withAddressType(ipv6 ? "IPv6" : "IPv4")
                .withEndpoints(backends.stream()
                        .map(backend -> endpoint(service, backend, nodes))
                        .toList())
                .withPorts(ports.stream()
                        .map(port -> new io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder()
                                .withName(port.name())
                                .withPort(port.number())
                                .withProtocol(port.protocol())
                                .withAppProtocol(port.appProtocol())
                                .build())
                        .toList())
                .build();
    }

    private static Endpoint endpoint(Service service, ServiceBackends backend, Function<String, @Nullable Node> nodes) {
        var pod = backend.pod();
        var nodeName = Pods.nodeName(pod);
        var node = nodeName == null ? null : nodes.apply(nodeName);
        var endpoint = new EndpointBuilder()
                .withAddresses(backend.address())
                .withNewConditions()
                .withReady(backend.ready())
                .withServing(backend.serving())
                .withTerminating(Objects.isBeingDeleted(pod))
                .endConditions()
                .withNodeName(nodeName)
                .withTargetRef(reference(pod));
        if (node != null) {
            endpoint.withZone(Objects.labels(node).get("topology.kubernetes.io/zone"));
        }
        return endpoint.withHostname(hostname(service, pod)).build();
    }

    /** Pods that name the service as their subdomain have a DNS name of their own in it. */
    private static @Nullable String hostname(Service service, Pod pod) {
        var spec = pod.getSpec();
        boolean named = spec.getHostname() != null
                && !spec.getHostname().isEmpty()
                && service.getMetadata().getName().equals(spec.getSubdomain());
        return named ? spec.getHostname() : null;
    }

    static List<EndpointSubset> subsets(Service service, List<ServiceBackends> backends) {
        var subsets = new ArrayList<EndpointSubset>();
        ServiceBackends.byPorts(backends).forEach((ports, group) -> {
            var ready = new ArrayList<EndpointAddress>();
            var notReady = new ArrayList<EndpointAddress>();
            for (var backend : group) {
                if (!Objects.isBeingDeleted(backend.pod()) || backend.ready()) {
                    (backend.ready() ? ready : notReady).add(address(service, backend));
                }
            }
            if (!ready.isEmpty() || !notReady.isEmpty()) {
                subsets.add(new EndpointSubsetBuilder()
                        .withAddresses(ready)
                        .withNotReadyAddresses(notReady)
                        .withPorts(ports.stream()
                                .map(port -> new io.fabric8.kubernetes.api.model.EndpointPortBuilder()
                                        .withName(port.name().isEmpty() ? null : port.name())
                                        .withPort(port.number())
                                        .withProtocol(port.protocol())
                                        .withAppProtocol(port.appProtocol())
                                        .build())
                                .toList())
                        .build());
            }
        });
        return subsets;
    }

    static Map<String, String> legacyLabels(Service service) {
        var labels = new HashMap<>(Objects.labels(service));
        labels.put("endpoints.kubernetes.io/managed-by", "endpoint-controller");
        return labels;
    }

    private static EndpointAddress address(Service service, ServiceBackends backend) {
        return new EndpointAddressBuilder()
                .withIp(backend.address())
                .withNodeName(Pods.nodeName(backend.pod()))
                .withHostname(hostname(service, backend.pod()))
                .withTargetRef(reference(backend.pod()))
                .build();
    }

    private static ObjectReference reference(Pod pod) {
        return new ObjectReferenceBuilder()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .build();
    }
}
