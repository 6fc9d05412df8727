package dev.gossamer.xds;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.ServicePort.AppProtocol;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.codec.MeshResource;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small mesh to test with. */
public final class MeshSamples {
    private MeshSamples() {}

    public static ServiceName serviceName(String name) {
        return new ServiceName("shop", name + ".shop.svc.cluster.local");
    }

    public static Workload workload(String name, String address, String... services) {
        var ports = new HashMap<ServiceName, List<ServicePort>>();
        for (var service : services) {
            ports.put(serviceName(service), List.of(new ServicePort(80, 8080, AppProtocol.HTTP11)));
        }
        return new Workload(
                "Kubernetes//Pod/shop/" + name,
                new Workload.Owner(name, "shop", "default", "cluster.local", "Kubernetes"),
                new Workload.Location(
                        List.of(InetAddress.ofLiteral(address)),
                        "",
                        "",
                        Workload.NetworkMode.STANDARD,
                        "node-1",
                        new Locality("r", "z", "")),
                Workload.Tunnel.HBONE,
                new Workload.Description(name, Workload.Type.POD, name, "v1"),
                List.of(),
                Workload.Status.HEALTHY,
                ports,
                1);
    }

    public static Service service(String name, String address) {
        return new Service(
                serviceName(name),
                name,
                List.of(VirtualAddress.single("", InetAddress.ofLiteral(address))),
                List.of(new ServicePort(80, 0, AppProtocol.HTTP11)),
                List.of(),
                null,
                List.of(),
                LoadBalancing.DEFAULT,
                Service.IpFamilies.IPV4_ONLY,
                true,
                Service.Visibility.PUBLIC);
    }

    public static MeshResource resource(Workload workload) {
        return new MeshResource.OfWorkload(workload);
    }

    public static MeshResource resource(Service service) {
        return new MeshResource.OfService(service);
    }

    public static AuthorizationPolicy policy(String name) {
        return new AuthorizationPolicy(
                "shop", name, AuthorizationPolicy.Scope.NAMESPACE, AuthorizationPolicy.Action.DENY, List.of(), false);
    }

    /** What a listener would hold: by name. */
    public static Map<String, MeshResource> byName(MeshResource... resources) {
        var map = new TreeMap<String, MeshResource>();
        for (var resource : resources) {
            map.put(resource.name(), resource);
        }
        return map;
    }
}
