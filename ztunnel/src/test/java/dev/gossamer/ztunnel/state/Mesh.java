package dev.gossamer.ztunnel.state;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.core.workload.Workload;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Short ways to say what is in a mesh, for tests. */
public final class Mesh {
    private Mesh() {}

    /** A pod of namespace {@code shop} with service account {@code name}, reached by HBONE. */
    public static Workload pod(String name, String... addresses) {
        return new WorkloadSketch(name, addresses).build();
    }

    public static WorkloadSketch workload(String name, String... addresses) {
        return new WorkloadSketch(name, addresses);
    }

    public static ServiceSketch service(String name, String... addresses) {
        return new ServiceSketch(name, addresses);
    }

    public static ServiceName serviceName(String name) {
        return new ServiceName("shop", name + ".shop.svc.cluster.local");
    }

    public static NetworkAddress at(String address) {
        return new NetworkAddress("", InetAddress.ofLiteral(address));
    }

    public static SpiffeId identity(String serviceAccount) {
        return new SpiffeId("cluster.local", "shop", serviceAccount);
    }

    public static GatewayAddress gateway(String addressOrService) {
        boolean literal = Character.isDigit(addressOrService.charAt(0));
        GatewayAddress.Destination destination = literal
                ? new GatewayAddress.Destination.Address(at(addressOrService))
                : new GatewayAddress.Destination.Host(serviceName(addressOrService));
        return new GatewayAddress(destination, 15008);
    }

    /** A workload being described; each call returns the same sketch. */
    public static final class WorkloadSketch {
        private final String name;
        private final List<InetAddress> addresses = new ArrayList<>();
        private final Map<ServiceName, List<ServicePort>> services = new HashMap<>();
        private String uid;
        private String namespace = "shop";
        private String network = "";
        private String hostname = "";
        private String node = "node-1";
        private Workload.Protocol protocol = Workload.Protocol.HBONE;
        private Workload.NetworkMode mode = Workload.NetworkMode.STANDARD;
        private @Nullable GatewayAddress waypoint;
        private @Nullable GatewayAddress networkGateway;
        private Workload.@Nullable ApplicationTunnel application;
        private List<String> policies = List.of();
        private Workload.Status status = Workload.Status.HEALTHY;

        private WorkloadSketch(String name, String... addresses) {
            this.name = name;
            this.uid = "Kubernetes//Pod/shop/" + name;
            for (var address : addresses) {
                this.addresses.add(InetAddress.ofLiteral(address));
            }
        }

        public WorkloadSketch uid(String value) {
            uid = value;
            return this;
        }

        public WorkloadSketch namespace(String value) {
            namespace = value;
            uid = "Kubernetes//Pod/" + value + "/" + name;
            return this;
        }

        public WorkloadSketch network(String value) {
            network = value;
            return this;
        }

        public WorkloadSketch hostname(String value) {
            hostname = value;
            return this;
        }

        public WorkloadSketch node(String value) {
            node = value;
            return this;
        }

        public WorkloadSketch plain() {
            protocol = Workload.Protocol.TCP;
            return this;
        }

        public WorkloadSketch hostNetwork() {
            mode = Workload.NetworkMode.HOST_NETWORK;
            return this;
        }

        public WorkloadSketch waypoint(String addressOrService) {
            waypoint = gateway(addressOrService);
            return this;
        }

        public WorkloadSketch networkGateway(String addressOrService) {
            networkGateway = gateway(addressOrService);
            return this;
        }

        public WorkloadSketch application(Workload.ApplicationTunnel.Protocol applicationProtocol, int port) {
            application = new Workload.ApplicationTunnel(applicationProtocol, port);
            return this;
        }

        public WorkloadSketch policies(String... names) {
            policies = List.of(names);
            return this;
        }

        public WorkloadSketch unhealthy() {
            status = Workload.Status.UNHEALTHY;
            return this;
        }

        public WorkloadSketch serves(String service, int port, int targetPort) {
            services.put(
                    serviceName(service), List.of(new ServicePort(port, targetPort, ServicePort.AppProtocol.UNKNOWN)));
            return this;
        }

        public Workload build() {
            return new Workload(
                    uid,
                    new Workload.Owner(name, namespace, name, "cluster.local", Workload.DEFAULT_CLUSTER),
                    new Workload.Location(addresses, hostname, network, mode, node, Locality.UNKNOWN),
                    new Workload.Tunnel(protocol, false, waypoint, networkGateway, application),
                    new Workload.Description(name + "-deployment", Workload.Type.POD, name, "v1"),
                    policies,
                    status,
                    services,
                    1);
        }
    }

    /** A service being described; each call returns the same sketch. */
    public static final class ServiceSketch {
        private final String name;
        private final List<VirtualAddress> addresses = new ArrayList<>();
        private final List<ServicePort> ports = new ArrayList<>();
        private String namespace = "shop";
        private List<String> sans = List.of();
        private @Nullable GatewayAddress waypoint;
        private List<Service.WeightedWaypoint> weighted = new ArrayList<>();
        private LoadBalancing balancing = LoadBalancing.DEFAULT;
        private boolean canonical;
        private Service.Visibility visibility = Service.Visibility.PUBLIC;

        private ServiceSketch(String name, String... addresses) {
            this.name = name;
            for (var address : addresses) {
                int slash = address.indexOf('/');
                this.addresses.add(
                        slash < 0
                                ? VirtualAddress.single("", InetAddress.ofLiteral(address))
                                : new VirtualAddress(
                                        at(address.substring(0, slash)),
                                        Integer.parseInt(address.substring(slash + 1))));
            }
        }

        public ServiceSketch namespace(String value) {
            namespace = value;
            return this;
        }

        public ServiceSketch port(int port, int targetPort) {
            ports.add(new ServicePort(port, targetPort, ServicePort.AppProtocol.UNKNOWN));
            return this;
        }

        public ServiceSketch sans(String... uris) {
            sans = List.of(uris);
            return this;
        }

        public ServiceSketch waypoint(String addressOrService) {
            waypoint = gateway(addressOrService);
            return this;
        }

        public ServiceSketch weighted(String addressOrService, long weight) {
            weighted.add(new Service.WeightedWaypoint(gateway(addressOrService), weight));
            return this;
        }

        public ServiceSketch mode(LoadBalancing.Mode mode, LoadBalancing.Scope... scopes) {
            balancing = new LoadBalancing(List.of(scopes), mode, LoadBalancing.HealthPolicy.ONLY_HEALTHY);
            return this;
        }

        public ServiceSketch canonical() {
            canonical = true;
            return this;
        }

        public ServiceSketch hidden() {
            visibility = Service.Visibility.NAMESPACE;
            return this;
        }

        public Service build() {
            return new Service(
                    new ServiceName(namespace, name + ".shop.svc.cluster.local"),
                    name,
                    addresses,
                    ports,
                    sans,
                    waypoint,
                    weighted,
                    balancing,
                    Service.IpFamilies.AUTOMATIC,
                    canonical,
                    visibility);
        }
    }
}
