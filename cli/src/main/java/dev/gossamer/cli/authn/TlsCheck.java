package dev.gossamer.cli.authn;

import dev.gossamer.cli.ztunnel.ConfigDump;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Derives the report from what a pod's ztunnel knows and what the cluster's policies say. Immutable. */
final class TlsCheck {
    private static final String REDIRECTION = "ambient.istio.io/redirection";

    private final ConfigDump dump;
    private final List<GenericKubernetesResource> policies;
    private final Map<String, Map<String, String>> podLabels;
    private final String rootNamespace;

    /** {@code pods}: those whose labels decide which policies select them. */
    TlsCheck(ConfigDump dump, List<GenericKubernetesResource> policies, List<Pod> pods, String rootNamespace) {
        this.dump = dump;
        this.policies = List.copyOf(policies);
        this.rootNamespace = rootNamespace;
        this.podLabels = new HashMap<>();
        pods.forEach(pod -> podLabels.put(
                pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(), labels(pod)));
    }

    TlsReport of(Pod pod) {
        var metadata = pod.getMetadata();
        var workload = dump.workload(metadata.getNamespace(), metadata.getName());
        boolean annotated = metadata.getAnnotations() != null
                && "enabled".equals(metadata.getAnnotations().get(REDIRECTION));
        boolean captured = annotated && workload != null && isHbone(workload);
        var identity = workload == null ? null : identity(workload);
        var mode = mode(metadata.getNamespace(), metadata.getName());
        var destinations = destinations(captured);
        return new TlsReport(
                metadata.getName(),
                metadata.getNamespace(),
                pod.getSpec().getNodeName() == null ? "" : pod.getSpec().getNodeName(),
                captured,
                identity,
                identity == null ? null : certificate(identity),
                mode.mode(),
                mode.origin(),
                destinations,
                verdict(pod, annotated, captured, destinations));
    }

    private TlsMode mode(String namespace, String name) {
        return TlsMode.effective(
                policies, rootNamespace, namespace, podLabels.getOrDefault(namespace + "/" + name, Map.of()));
    }

    private TlsReport.@Nullable Certificate certificate(String identity) {
        return dump.certificates().stream()
                .filter(node -> ConfigDump.text(node, "identity").equals(identity))
                .map(node -> {
                    var leaf = node.path("certChain").path(0);
                    return new TlsReport.Certificate(
                            ConfigDump.text(node, "state"),
                            ConfigDump.text(leaf, "serialNumber"),
                            ConfigDump.text(leaf, "expirationTime"));
                })
                .max(Comparator.comparing(TlsReport.Certificate::notAfter))
                .orElse(null);
    }

    private List<TlsReport.Destination> destinations(boolean captured) {
        var workloads = new HashMap<String, JsonNode>();
        dump.workloads().forEach(node -> workloads.put(ConfigDump.text(node, "uid"), node));
        var found = new ArrayList<TlsReport.Destination>();
        for (var service : dump.services()) {
            var endpoints = service.path("endpoints").values().stream()
                    .map(endpoint -> workloads.get(ConfigDump.text(endpoint, "workloadUid")))
                    .filter(java.util.Objects::nonNull)
                    .toList();
            service.path("ports")
                    .properties()
                    .forEach(port -> found.add(
                            destination(ConfigDump.text(service, "hostname"), port.getKey(), endpoints, captured)));
        }
        found.sort(Comparator.comparing(TlsReport.Destination::host).thenComparingInt(TlsReport.Destination::port));
        return found;
    }

    private TlsReport.Destination destination(String host, String port, List<JsonNode> endpoints, boolean captured) {
        int number = Integer.parseInt(port);
        if (endpoints.isEmpty()) {
            return new TlsReport.Destination(host, number, TlsReport.Status.NO_ENDPOINTS, "-", "-", "-");
        }
        var modes = endpoints.stream()
                .map(node -> mode(ConfigDump.text(node, "namespace"), ConfigDump.text(node, "name")))
                .distinct()
                .toList();
        long hbone = endpoints.stream().filter(TlsCheck::isHbone).count();
        // A mode binds only those whose inbound traffic passes a ztunnel.
        boolean refuses = endpoints.stream()
                .anyMatch(node -> isHbone(node)
                        && mode(ConfigDump.text(node, "namespace"), ConfigDump.text(node, "name"))
                                .isStrict());
        TlsReport.Status status;
        if (captured && hbone == endpoints.size()) {
            status = TlsReport.Status.MTLS;
        } else if (captured && hbone > 0) {
            status = TlsReport.Status.MIXED;
        } else {
            status = refuses ? TlsReport.Status.REFUSED : TlsReport.Status.PLAIN;
        }
        var mode = modes.size() == 1 ? modes.getFirst() : new TlsMode("(varies)", "(varies)");
        return new TlsReport.Destination(
                host,
                number,
                status,
                hbone == 0 ? "not in the mesh" : mode.mode(),
                client(captured, hbone, endpoints.size()),
                hbone == 0 ? "-" : mode.origin());
    }

    private static String client(boolean captured, long hbone, int all) {
        if (!captured || hbone == 0) {
            return "plain TCP";
        }
        return hbone == all ? "HBONE mTLS" : "HBONE mTLS to " + hbone + " of " + all;
    }

    private static String verdict(
            Pod pod, boolean annotated, boolean captured, List<TlsReport.Destination> destinations) {
        var name = pod.getMetadata().getName() + "." + pod.getMetadata().getNamespace();
        if (!captured) {
            return annotated
                    ? name + " is enrolled, but its ztunnel does not know it yet: its traffic is not protected"
                    : name + " is not in the mesh: its traffic is plain TCP. Label its namespace:"
                            + " kubectl label namespace " + pod.getMetadata().getNamespace()
                            + " istio.io/dataplane-mode=ambient";
        }
        long reachable = destinations.stream()
                .filter(each -> each.status() != TlsReport.Status.NO_ENDPOINTS)
                .count();
        long protectedOnes = destinations.stream()
                .filter(each -> each.status() == TlsReport.Status.MTLS)
                .count();
        return name + " is in the mesh: mutual TLS to " + protectedOnes + " of the " + reachable
                + " service ports that it can reach";
    }

    private static boolean isHbone(JsonNode workload) {
        return ConfigDump.text(workload, "protocol").equals("HBONE");
    }

    private static String identity(JsonNode workload) {
        var trustDomain = ConfigDump.text(workload, "trustDomain");
        return "spiffe://" + (trustDomain.isEmpty() ? "cluster.local" : trustDomain) + "/ns/"
                + ConfigDump.text(workload, "namespace") + "/sa/"
                + (ConfigDump.text(workload, "serviceAccount").isEmpty()
                        ? "default"
                        : ConfigDump.text(workload, "serviceAccount"));
    }

    private static Map<String, String> labels(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? Map.of()
                : pod.getMetadata().getLabels();
    }
}
