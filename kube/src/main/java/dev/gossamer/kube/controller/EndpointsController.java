package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes the addresses of the pods that a service selects: EndpointSlices, and Endpoints for who still reads them. */
final class EndpointsController implements Controller {
    private final Cluster cluster;

    EndpointsController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "endpoints";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        return switch (object) {
            case Service service -> List.of(Request.of(service));
            case Pod pod -> servicesOf(pod);
            case EndpointSlice slice -> {
                var service = Objects.labels(slice).get(EndpointSlices.SERVICE_NAME);
                yield service == null ? List.of() : List.of(new Request(Objects.namespace(slice), service));
            }
            default -> List.of();
        };
    }

    private Collection<Request> servicesOf(Pod pod) {
        return cluster.view().list(Kinds.SERVICES, Objects.namespace(pod)).stream()
                .filter(service -> ServiceBackends.selects(service, Objects.labels(pod)))
                .map(Request::of)
                .toList();
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var service = cluster.view().get(Kinds.SERVICES, request.namespace(), request.name());
        if (service == null || Objects.isBeingDeleted(service)) {
            removeLegacy(request);
            return null;
        }
        var selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            // Without a selector the endpoints are whoever's made the service.
            return null;
        }
        var pods = cluster.view().list(Kinds.PODS, request.namespace());
        var slices = new ArrayList<EndpointSlice>();
        List<ServiceBackends> primary = List.of();
        for (var family : families(service)) {
            boolean ipv6 = family.equals("IPv6");
            var backends = ServiceBackends.of(service, pods, ipv6);
            if (slices.isEmpty()) {
                primary = backends;
            }
            slices.addAll(EndpointSlices.of(
                    service, backends, ipv6, name -> cluster.view().get(Kinds.NODES, "", name)));
        }
        publish(service, slices);
        publishLegacy(service, primary);
        return null;
    }

    private static List<String> families(Service service) {
        var families = service.getSpec().getIpFamilies();
        return families == null || families.isEmpty() ? List.of("IPv4") : families;
    }

    private void publish(Service service, List<EndpointSlice> wanted) {
        var present = new HashMap<String, EndpointSlice>();
        cluster.view().list(Kinds.ENDPOINT_SLICES, Objects.namespace(service)).stream()
                .filter(slice ->
                        EndpointSlices.MANAGER.equals(Objects.labels(slice).get(EndpointSlices.MANAGED_BY))
                                && service.getMetadata()
                                        .getName()
                                        .equals(Objects.labels(slice).get(EndpointSlices.SERVICE_NAME)))
                .forEach(slice -> present.put(slice.getMetadata().getName(), slice));
        // First what is new, then what is obsolete: a pod that moves between slices is never in none.
        for (var slice : wanted) {
            var known = present.remove(slice.getMetadata().getName());
            if (known == null) {
                cluster.create(Kinds.ENDPOINT_SLICES, slice);
            } else if (!same(known, slice)) {
                cluster.update(
                        Kinds.ENDPOINT_SLICES,
                        known.edit()
                                .editMetadata()
                                .withLabels(slice.getMetadata().getLabels())
                                .withOwnerReferences(slice.getMetadata().getOwnerReferences())
                                .endMetadata()
                                .withEndpoints(slice.getEndpoints())
                                .withPorts(slice.getPorts())
                                .build());
            }
        }
        present.values().forEach(slice -> cluster.delete(Kinds.ENDPOINT_SLICES, slice));
    }

    private static boolean same(EndpointSlice one, EndpointSlice other) {
        return Objects.labels(one).equals(Objects.labels(other))
                && one.getMetadata()
                        .getOwnerReferences()
                        .equals(other.getMetadata().getOwnerReferences())
                && Statuses.same(Map.of("list", one.getEndpoints()), Map.of("list", other.getEndpoints()))
                && Statuses.same(Map.of("list", one.getPorts()), Map.of("list", other.getPorts()));
    }

    private void publishLegacy(Service service, List<ServiceBackends> backends) {
        var subsets = EndpointSlices.subsets(service, backends);
        var labels = EndpointSlices.legacyLabels(service);
        var name = service.getMetadata().getName();
        var known = cluster.view().get(Kinds.ENDPOINTS, Objects.namespace(service), name);
        if (known == null) {
            cluster.create(
                    Kinds.ENDPOINTS,
                    new EndpointsBuilder()
                            .withNewMetadata()
                            .withNamespace(service.getMetadata().getNamespace())
                            .withName(name)
                            .withLabels(labels)
                            .endMetadata()
                            .withSubsets(subsets)
                            .build());
        } else if (!labels.equals(Objects.labels(known))
                || !Statuses.same(Map.of("list", known.getSubsets()), Map.of("list", subsets))) {
            cluster.update(
                    Kinds.ENDPOINTS,
                    known.edit()
                            .editMetadata()
                            .withLabels(labels)
                            .endMetadata()
                            .withSubsets(subsets)
                            .build());
        }
    }

    /** Unlike slices, Endpoints are not owned by their service: they share its name and end with it. */
    private void removeLegacy(Request request) {
        var known = cluster.view().get(Kinds.ENDPOINTS, request.namespace(), request.name());
        if (known != null && Objects.labels(known).containsKey("endpoints.kubernetes.io/managed-by")) {
            cluster.delete(Kinds.ENDPOINTS, known);
        }
    }
}
