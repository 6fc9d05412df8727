package dev.gossamer.control.debug;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.GatewayAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.codec.AddressCodec;
import dev.gossamer.xds.codec.AuthorizationCodec;
import dev.gossamer.xds.codec.InvalidResourceException;
import dev.gossamer.xds.codec.MeshResource;
import dev.gossamer.xds.delta.ResourceSnapshot;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The mesh as maps and lists, for a dump. Stateless. */
final class MeshDump {
    private MeshDump() {}

    static Map<String, Object> of(ResourceSnapshot snapshot) throws InvalidResourceException {
        var workloads = new ArrayList<Map<String, Object>>();
        var services = new ArrayList<Map<String, Object>>();
        for (var resource : sorted(snapshot, TypeUrl.ADDRESS)) {
            switch (AddressCodec.decode(resource.payload())) {
                case MeshResource.OfWorkload(var workload) -> workloads.add(workload(workload));
                case MeshResource.OfService(var service) -> services.add(service(service));
            }
        }
        var policies = new ArrayList<Map<String, Object>>();
        for (var resource : sorted(snapshot, TypeUrl.AUTHORIZATION)) {
            policies.add(policy(AuthorizationCodec.decode(resource.payload())));
        }
        var dump = new LinkedHashMap<String, Object>();
        dump.put("version", snapshot.version());
        dump.put("workloads", workloads);
        dump.put("services", services);
        dump.put("policies", policies);
        return dump;
    }

    private static List<Versioned> sorted(ResourceSnapshot snapshot, TypeUrl type) {
        return List.copyOf(new TreeMap<>(snapshot.resources(type)).values());
    }

    private static Map<String, Object> workload(Workload w) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("uid", w.uid());
        fields.put("name", w.name());
        fields.put("namespace", w.namespace());
        fields.put("workloadIps", addresses(w.location().addresses()));
        putUnlessEmpty(fields, "hostname", w.location().hostname());
        putUnlessEmpty(fields, "network", w.location().network());
        fields.put("networkMode", w.location().networkMode().name());
        fields.put("protocol", w.tunnel().protocol().name());
        fields.put("serviceAccount", w.owner().serviceAccount());
        fields.put("trustDomain", w.owner().trustDomain());
        fields.put("clusterId", w.owner().cluster());
        fields.put("node", w.location().node());
        if (!w.location().locality().isUnknown()) {
            fields.put("locality", w.location().locality());
        }
        fields.put("workloadName", w.description().workloadName());
        fields.put("workloadType", w.description().type().name());
        fields.put("canonicalName", w.description().canonicalName());
        fields.put("canonicalRevision", w.description().canonicalRevision());
        fields.put("status", w.status().name());
        fields.put("authorizationPolicies", w.policies());
        putWaypoint(fields, w.tunnel().waypoint());
        var services = new TreeMap<String, Object>();
        w.services().forEach((name, ports) -> services.put(name.toString(), ports(ports)));
        fields.put("services", services);
        if (w.capacity() != Workload.DEFAULT_CAPACITY) {
            fields.put("capacity", w.capacity());
        }
        return fields;
    }

    private static Map<String, Object> service(Service s) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", s.displayName());
        fields.put("namespace", s.name().namespace());
        fields.put("hostname", s.name().hostname());
        fields.put("addresses", s.addresses().stream().map(Object::toString).toList());
        fields.put("ports", ports(s.ports()));
        if (!s.subjectAltNames().isEmpty()) {
            fields.put("subjectAltNames", s.subjectAltNames());
        }
        putWaypoint(fields, s.waypoint());
        var balancing = new LinkedHashMap<String, Object>();
        balancing.put("mode", s.loadBalancing().mode().name());
        balancing.put(
                "routingPreference",
                s.loadBalancing().routingPreference().stream().map(Enum::name).toList());
        balancing.put("healthPolicy", s.loadBalancing().healthPolicy().name());
        fields.put("loadBalancer", balancing);
        fields.put("ipFamilies", s.ipFamilies().name());
        fields.put("canonical", s.canonical());
        return fields;
    }

    private static Map<String, Object> policy(AuthorizationPolicy p) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("name", p.name());
        fields.put("namespace", p.namespace());
        fields.put("scope", p.scope().name());
        fields.put("action", p.action().name());
        fields.put("dryRun", p.dryRun());
        fields.put("rules", p.rules().stream().map(Object::toString).toList());
        return fields;
    }

    private static List<String> ports(List<ServicePort> ports) {
        return ports.stream()
                .map(port -> port.port() + "->" + port.targetPort())
                .toList();
    }

    private static List<String> addresses(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    private static void putWaypoint(Map<String, Object> fields, @Nullable GatewayAddress waypoint) {
        if (waypoint != null) {
            fields.put("waypoint", waypoint.destination() + ":" + waypoint.hbonePort());
        }
    }

    private static void putUnlessEmpty(Map<String, Object> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }
}
