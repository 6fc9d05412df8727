package dev.gossamer.control.snapshot;

import dev.gossamer.control.observed.AuthorizationPolicyObject;
import dev.gossamer.control.observed.Change;
import dev.gossamer.control.observed.Endpoint;
import dev.gossamer.control.observed.EndpointSliceObject;
import dev.gossamer.control.observed.GatewayClassObject;
import dev.gossamer.control.observed.GatewayObject;
import dev.gossamer.control.observed.GatewayObject.Admission;
import dev.gossamer.control.observed.Kind;
import dev.gossamer.control.observed.MeshConfigObject;
import dev.gossamer.control.observed.Metadata;
import dev.gossamer.control.observed.NamespaceObject;
import dev.gossamer.control.observed.NodeObject;
import dev.gossamer.control.observed.ObjectName;
import dev.gossamer.control.observed.Observed;
import dev.gossamer.control.observed.PeerAuthenticationObject;
import dev.gossamer.control.observed.PodObject;
import dev.gossamer.control.observed.ServiceEntryObject;
import dev.gossamer.control.observed.ServiceObject;
import dev.gossamer.control.observed.WorkloadEntryObject;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random changes in a world so small that objects keep meeting one another. */
final class RandomCluster {
    private static final List<String> NAMESPACES = List.of("istio-system", "root", "shop", "far");
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<String> HOSTS =
            List.of("x.example", "y.example", "a.shop.svc.cluster.local", "b.far.svc.cluster.local");

    private final SplittableRandom random;

    RandomCluster(long seed) {
        // Mixes its seed, unlike Random, whose first numbers for neighbouring seeds are alike.
        this.random = new SplittableRandom(seed);
    }

    /** {@code kinds}: the fewer, the more they meet. */
    Change change(List<Kind> kinds) {
        var kind = oneOf(kinds);
        var name = nameOf(kind);
        return random.nextInt(4) == 0 ? new Change.Delete(kind, name) : new Change.Upsert(object(kind, name));
    }

    private ObjectName nameOf(Kind kind) {
        return switch (kind) {
            case NAMESPACE -> ObjectName.clusterWide(oneOf(NAMESPACES));
            case NODE, GATEWAY_CLASS -> ObjectName.clusterWide(oneOf(NAMES));
            case MESH_CONFIG -> new ObjectName("istio-system", "istio");
            default -> new ObjectName(oneOf(NAMESPACES), oneOf(NAMES));
        };
    }

    private Observed object(Kind kind, ObjectName name) {
        var metadata = metadata(name);
        return switch (kind) {
            case NAMESPACE -> new NamespaceObject(metadata);
            case NODE -> new NodeObject(metadata);
            case POD -> pod(metadata);
            case SERVICE -> service(metadata);
            case ENDPOINT_SLICE -> slice(metadata);
            case SERVICE_ENTRY -> serviceEntry(metadata);
            case WORKLOAD_ENTRY -> new WorkloadEntryObject(metadata, endpoint());
            case AUTHORIZATION_POLICY -> policy(metadata);
            case PEER_AUTHENTICATION ->
                new PeerAuthenticationObject(
                        metadata, selector(), mode(), random.nextBoolean() ? Map.of() : Map.of(80, mode(), 81, mode()));
            case GATEWAY -> gateway(metadata);
            case GATEWAY_CLASS -> new GatewayClassObject(metadata);
            case MESH_CONFIG ->
                new MeshConfigObject(metadata, oneOf(List.of("", "example.org")), oneOf(List.of("", "root", "shop")));
        };
    }

    private Metadata metadata(ObjectName name) {
        var labels = new HashMap<>(labels());
        sometimes(labels, "istio.io/rev", List.of("default", "other"), 10);
        sometimes(labels, "istio.io/use-waypoint", List.of("a", "b", "none"), 3);
        sometimes(labels, "istio.io/use-waypoint-namespace", NAMESPACES, 6);
        sometimes(labels, "istio.io/use-waypoint-canary", NAMES, 6);
        sometimes(labels, "istio.io/waypoint-for", List.of("service", "workload", "all"), 3);
        sometimes(labels, "gateway.networking.k8s.io/gateway-name", NAMES, 4);
        sometimes(labels, "networking.istio.io/tunnel", List.of("http"), 8);
        sometimes(labels, "topology.istio.io/network", List.of("blue"), 8);
        sometimes(labels, "topology.kubernetes.io/zone", List.of("z1", "z2"), 2);
        var annotations = new HashMap<String, String>();
        sometimes(annotations, "ambient.istio.io/redirection", List.of("enabled", "pending"), 2);
        sometimes(annotations, "networking.istio.io/traffic-distribution", List.of("PreferClose", "Any"), 3);
        sometimes(annotations, "ambient.istio.io/waypoint-inbound-binding", List.of("PROXY", "PROXY/15088"), 3);
        sometimes(annotations, "istio.io/use-waypoint-canary-weight", List.of("10", "bad"), 3);
        return new Metadata(
                name, "u" + random.nextInt(2), Instant.ofEpochSecond(random.nextInt(3)), labels, annotations);
    }

    private void sometimes(Map<String, String> map, String key, List<String> values, int oneIn) {
        if (random.nextInt(oneIn) == 0) {
            map.put(key, oneOf(values));
        }
    }

    private Map<String, String> labels() {
        var labels = new HashMap<String, String>();
        sometimes(labels, "app", List.of("a", "b"), 1);
        sometimes(labels, "tier", List.of("x", "y"), 2);
        return labels;
    }

    private Map<String, String> selector() {
        var selector = new HashMap<>(labels());
        selector.keySet().removeIf(_ -> random.nextInt(3) == 0);
        return selector;
    }

    private PodObject pod(Metadata metadata) {
        return new PodObject(
                metadata,
                new PodObject.Spec(oneOf(NAMES), oneOf(NAMES), random.nextInt(8) == 0),
                new PodObject.Status(
                        oneOf(List.of(PodObject.Phase.PENDING, PodObject.Phase.RUNNING, PodObject.Phase.SUCCEEDED)),
                        random.nextBoolean(),
                        random.nextInt(8) == 0,
                        random.nextInt(4) == 0 ? List.of() : List.of(ip())),
                random.nextBoolean() ? Map.of() : Map.of("web", 8000 + random.nextInt(3)),
                random.nextBoolean() ? null : new PodObject.Owner("Job", oneOf(NAMES)));
    }

    private ServiceObject service(Metadata metadata) {
        var target = random.nextBoolean()
                ? new ServiceObject.Target.Name("web")
                : new ServiceObject.Target.Number(8080 + random.nextInt(2));
        return new ServiceObject(
                metadata,
                random.nextInt(8) == 0,
                random.nextInt(3) == 0 ? Map.of() : selector(),
                List.of(ip()),
                List.of(new ServiceObject.Port("web", 80, target, ServiceObject.Transport.TCP, null)),
                new ServiceObject.Families(true, random.nextBoolean()),
                new ServiceObject.Traffic(random.nextInt(5) == 0, null, random.nextInt(5) == 0));
    }

    private EndpointSliceObject slice(Metadata metadata) {
        return new EndpointSliceObject(
                metadata,
                random.nextInt(6) == 0 ? null : oneOf(NAMES),
                listOf(() -> new EndpointSliceObject.Endpoint(
                        ip(),
                        random.nextBoolean(),
                        random.nextBoolean()
                                ? null
                                : new EndpointSliceObject.PodReference(
                                        new ObjectName(metadata.namespace(), oneOf(NAMES)),
                                        oneOf(List.of("", "u0", "u1"))))),
                List.of(new EndpointSliceObject.Port("web", 9000 + random.nextInt(2))));
    }

    private ServiceEntryObject serviceEntry(Metadata metadata) {
        return new ServiceEntryObject(
                metadata,
                listOf(() -> oneOf(HOSTS)),
                random.nextBoolean() ? List.of() : List.of("192.0.2." + random.nextInt(3)),
                List.of(new ServiceEntryObject.Port("web", 80, random.nextInt(2) * 8000, "HTTP")),
                oneOf(List.of(ServiceEntryObject.Resolution.values())),
                listOf(this::endpoint),
                random.nextBoolean() ? null : selector(),
                List.of(),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new ServiceEntryObject.Allocated("x.example", "240.240.0.1")));
    }

    private Endpoint endpoint() {
        var labels = new HashMap<>(labels());
        sometimes(labels, "istio.io/use-waypoint", List.of("a", "b", "none"), 3);
        return new Endpoint(
                "192.0.2." + random.nextInt(4),
                random.nextBoolean() ? Map.of() : Map.of("web", 7000),
                labels,
                oneOf(NAMES),
                oneOf(List.of("", "r/z")),
                "",
                random.nextInt(2));
    }

    private AuthorizationPolicyObject policy(Metadata metadata) {
        var attributes = new AuthorizationPolicyObject.Attributes(Map.of("namespaces", List.of(oneOf(NAMESPACES))));
        return new AuthorizationPolicyObject(
                metadata,
                random.nextInt(3),
                random.nextBoolean() ? null : selector(),
                random.nextInt(6) == 0,
                oneOf(List.of(AuthorizationPolicyObject.Action.values())),
                random.nextInt(6) == 0,
                List.of(new AuthorizationPolicyObject.Rule(List.of(attributes), List.of(), List.of())));
    }

    private PeerAuthenticationObject.Mode mode() {
        return oneOf(List.of(PeerAuthenticationObject.Mode.values()));
    }

    private GatewayObject gateway(Metadata metadata) {
        var admission = oneOf(List.<Admission>of(
                new Admission.Same(),
                new Admission.All(),
                new Admission.Matching(new GatewayObject.LabelSelector(selector(), List.of()))));
        return new GatewayObject(
                metadata,
                oneOf(NAMES),
                random.nextInt(3) == 0
                        ? List.of()
                        : List.of(new GatewayObject.Address(random.nextBoolean(), "10.9.9." + random.nextInt(3))),
                admission);
    }

    private <T> List<T> listOf(Supplier<T> item) {
        var list = new ArrayList<T>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(item.get());
        }
        return list;
    }

    private InetAddress ip() {
        return InetAddress.ofLiteral("10.0.0." + random.nextInt(6));
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
