package dev.gossamer.control.source;

import dev.gossamer.control.observed.AddressText;
import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.ServiceObject;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the kinds that every cluster has. Stateless. */
final class CoreObjects {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private CoreObjects() {}

    static PodObject pod(Pod pod) {
        var spec = pod.getSpec() == null ? new PodSpec() : pod.getSpec();
        var status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        return new PodObject(
                ObjectReader.metadata(pod),
                new PodObject.Spec(
                        ObjectReader.orEmpty(spec.getNodeName()),
                        ObjectReader.orEmpty(spec.getServiceAccountName()),
                        Boolean.TRUE.equals(spec.getHostNetwork())),
                new PodObject.Status(
                        phase(status.getPhase()),
                        isReady(status),
                        pod.getMetadata().getDeletionTimestamp() != null,
                        addresses(status)),
                namedPorts(spec),
                owner(pod));
    }

    private static PodObject.Phase phase(@Nullable String phase) {
        return switch (ObjectReader.orEmpty(phase)) {
            case "Pending", "" -> PodObject.Phase.PENDING;
            case "Running" -> PodObject.Phase.RUNNING;
            case "Succeeded" -> PodObject.Phase.SUCCEEDED;
            case "Failed" -> PodObject.Phase.FAILED;
            default -> PodObject.Phase.UNKNOWN;
        };
    }

    private static boolean isReady(PodStatus status) {
        return status.getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static List<InetAddress> addresses(PodStatus status) {
        var addresses = new ArrayList<InetAddress>();
        for (var podIp : status.getPodIPs()) {
            addIfRead(addresses, podIp.getIp());
        }
        if (addresses.isEmpty()) {
            addIfRead(addresses, status.getPodIP());
        }
        return addresses;
    }

    private static Map<String, Integer> namedPorts(PodSpec spec) {
        var ports = new HashMap<String, Integer>();
        spec.getContainers().forEach(container -> addPorts(ports, container));
        // An init container that is restarted always is a sidecar: it serves as long as the pod does.
        spec.getInitContainers().stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()))
                .forEach(container -> addPorts(ports, container));
        return ports;
    }

    private static void addPorts(Map<String, Integer> ports, Container container) {
        for (var port : container.getPorts()) {
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (tcp && port.getName() != null && port.getContainerPort() != null) {
                ports.putIfAbsent(port.getName(), port.getContainerPort());
            }
        }
    }

    private static PodObject.@Nullable Owner owner(Pod pod) {
        for (OwnerReference owner : pod.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(owner.getController())) {
                return new PodObject.Owner(owner.getKind(), owner.getName());
            }
        }
        return null;
    }

    static ServiceObject service(Service service) {
        var spec = service.getSpec() == null ? new ServiceSpec() : service.getSpec();
        var families = spec.getIpFamilies();
        return new ServiceObject(
                ObjectReader.metadata(service),
                "ExternalName".equals(spec.getType()),
                spec.getSelector() == null ? Map.of() : spec.getSelector(),
                clusterIps(spec),
                spec.getPorts().stream().map(CoreObjects::port).toList(),
                new ServiceObject.Families(families.contains("IPv4"), families.contains("IPv6")),
                new ServiceObject.Traffic(
                        "Local".equals(spec.getInternalTrafficPolicy()),
                        spec.getTrafficDistribution(),
                        Boolean.TRUE.equals(spec.getPublishNotReadyAddresses())));
    }

    private static List<InetAddress> clusterIps(ServiceSpec spec) {
        var addresses = new ArrayList<InetAddress>();
        // The "None" of a headless service is no address, so it drops out here.
        spec.getClusterIPs().forEach(text -> addIfRead(addresses, text));
        if (addresses.isEmpty()) {
            addIfRead(addresses, spec.getClusterIP());
        }
        return addresses;
    }

    private static ServiceObject.Port port(ServicePort port) {
        int number = Objects.requireNonNullElse(port.getPort(), 0);
        var transport =
                switch (ObjectReader.orEmpty(port.getProtocol())) {
                    case "UDP" -> ServiceObject.Transport.UDP;
                    case "SCTP" -> ServiceObject.Transport.SCTP;
                    default -> ServiceObject.Transport.TCP;
                };
        return new ServiceObject.Port(
                ObjectReader.orEmpty(port.getName()),
                number,
                target(port.getTargetPort(), number),
                transport,
                port.getAppProtocol());
    }

    private static ServiceObject.Target target(@Nullable IntOrString target, int port) {
        if (target != null && target.getStrVal() != null) {
            return new ServiceObject.Target.Name(target.getStrVal());
        }
        var number = target == null ? null : target.getIntVal();
        return new ServiceObject.Target.Number(number == null || number == 0 ? port : number);
    }

    static EndpointSliceObject slice(EndpointSlice slice) {
        var metadata = ObjectReader.metadata(slice);
        var endpoints = new ArrayList<EndpointSliceObject.Endpoint>();
        for (var endpoint : slice.getEndpoints()) {
            // Further addresses of one endpoint are ignored by the API's own word.
            var address = endpoint.getAddresses().isEmpty()
                    ? null
                    : AddressText.parse(endpoint.getAddresses().getFirst());
            if (address != null) {
                boolean ready = endpoint.getConditions() == null
                        || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
                endpoints.add(new EndpointSliceObject.Endpoint(
                        address, ready, podReference(endpoint.getTargetRef(), metadata.namespace())));
            }
        }
        var ports = new ArrayList<EndpointSliceObject.Port>();
        for (var port : slice.getPorts()) {
            boolean tcp = port.getProtocol() == null || port.getProtocol().equals("TCP");
            if (tcp && port.getPort() != null) {
                ports.add(new EndpointSliceObject.Port(ObjectReader.orEmpty(port.getName()), port.getPort()));
            }
        }
        boolean names = "FQDN".equals(slice.getAddressType());
        return new EndpointSliceObject(
                metadata, names ? null : metadata.label(SERVICE_NAME), names ? List.of() : endpoints, ports);
    }

    private static EndpointSliceObject.@Nullable PodReference podReference(
            @Nullable ObjectReference reference, String namespace) {
        if (reference == null || !"Pod".equals(reference.getKind()) || reference.getName() == null) {
            return null;
        }
        var podNamespace = reference.getNamespace() == null ? namespace : reference.getNamespace();
        return new EndpointSliceObject.PodReference(
                new ObjectName(podNamespace, reference.getName()), ObjectReader.orEmpty(reference.getUid()));
    }

    private static void addIfRead(List<InetAddress> addresses, @Nullable String text) {
        var address = AddressText.parse(text);
        if (address != null) {
            addresses.add(address);
        }
    }
}
