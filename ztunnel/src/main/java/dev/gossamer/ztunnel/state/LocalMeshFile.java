package dev.gossamer.ztunnel.state;

import dev.gossamer.core.policy.AuthorizationPolicy;
import dev.gossamer.core.workload.LoadBalancing;
import dev.gossamer.core.workload.Locality;
import dev.gossamer.core.workload.NetworkAddress;
import dev.gossamer.core.workload.Service;
import dev.gossamer.core.workload.ServiceName;
import dev.gossamer.core.workload.ServicePort;
import dev.gossamer.core.workload.VirtualAddress;
import dev.gossamer.core.workload.Workload;
import dev.gossamer.xds.client.MeshListener.PolicyUpdate;
import dev.gossamer.xds.codec.MeshResource;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A mesh that is known from the beginning: {@code workloads}, {@code services} and {@code policies} in YAML, under the
 * keys of {@code /config_dump}.
 *
 * <p>For a proxy without a control plane, such as in a measurement. Read once. Immutable.
 */
public record LocalMeshFile(List<MeshResource> resources, List<PolicyUpdate> policies) {
    public LocalMeshFile {
        resources = List.copyOf(resources);
        policies = List.copyOf(policies);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if there is none, or it says something that is not understood: the operator's to mend
     */
    public static LocalMeshFile read(Path file) throws IOException {
        try (var text = Files.newBufferedReader(file)) {
            var loaded =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromReader(text);
            return of(YamlFields.of(loaded, "the file"));
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static LocalMeshFile of(YamlFields root) {
        var resources = new ArrayList<MeshResource>();
        root.list("services").forEach(fields -> resources.add(new MeshResource.OfService(service(fields))));
        root.list("workloads").forEach(fields -> resources.add(new MeshResource.OfWorkload(workload(fields))));
        var policies = new ArrayList<PolicyUpdate>();
        root.list("policies").forEach(fields -> {
            var policy = policy(fields);
            policies.add(new PolicyUpdate(policy.key(), policy));
        });
        return new LocalMeshFile(resources, policies);
    }

    private static Workload workload(YamlFields fields) {
        var name = fields.text("name", "");
        return new Workload(
                fields.required("uid"),
                new Workload.Owner(
                        name,
                        fields.text("namespace", ""),
                        fields.text("serviceAccount", "default"),
                        fields.text("trustDomain", "cluster.local"),
                        fields.text("clusterId", Workload.DEFAULT_CLUSTER)),
                new Workload.Location(
                        fields.texts("workloadIps").stream()
                                .map(InetAddress::ofLiteral)
                                .toList(),
                        fields.text("hostname", ""),
                        fields.text("network", ""),
                        Workload.NetworkMode.STANDARD,
                        fields.text("node", ""),
                        Locality.UNKNOWN),
                fields.text("protocol", "TCP").equals("HBONE") ? Workload.Tunnel.HBONE : Workload.Tunnel.PLAIN,
                new Workload.Description(
                        fields.text("workloadName", name),
                        Workload.Type.POD,
                        fields.text("canonicalName", name),
                        fields.text("canonicalRevision", "latest")),
                fields.texts("authorizationPolicies"),
                Workload.Status.HEALTHY,
                services(fields),
                1);
    }

    private static Map<ServiceName, List<ServicePort>> services(YamlFields workload) {
        var services = new HashMap<ServiceName, List<ServicePort>>();
        var given = workload.map("services");
        for (var name : given.keys()) {
            services.put(ServiceName.parse(name), ports(given.map(name)));
        }
        return services;
    }

    private static Service service(YamlFields fields) {
        var name = fields.required("name");
        return new Service(
                new ServiceName(fields.required("namespace"), fields.required("hostname")),
                name,
                fields.texts("vips").stream().map(LocalMeshFile::address).toList(),
                ports(fields.map("ports")),
                fields.texts("subjectAltNames"),
                null,
                List.of(),
                LoadBalancing.DEFAULT,
                Service.IpFamilies.AUTOMATIC,
                false,
                Service.Visibility.PUBLIC);
    }

    /** {@code network/address}. */
    private static VirtualAddress address(String text) {
        int slash = text.indexOf('/');
        var address = new NetworkAddress(
                slash < 0 ? "" : text.substring(0, slash), InetAddress.ofLiteral(text.substring(slash + 1)));
        return VirtualAddress.single(address.network(), address.address());
    }

    private static List<ServicePort> ports(YamlFields fields) {
        var ports = new ArrayList<ServicePort>();
        for (var port : fields.keys()) {
            ports.add(new ServicePort(Integer.parseInt(port), fields.number(port), ServicePort.AppProtocol.UNKNOWN));
        }
        return ports;
    }

    private static AuthorizationPolicy policy(YamlFields fields) {
        return new AuthorizationPolicy(
                fields.required("namespace"),
                fields.required("name"),
                switch (fields.required("scope")) {
                    case "Global" -> AuthorizationPolicy.Scope.GLOBAL;
                    case "Namespace" -> AuthorizationPolicy.Scope.NAMESPACE;
                    case "WorkloadSelector" -> AuthorizationPolicy.Scope.WORKLOAD_SELECTOR;
                    default ->
                        throw new IllegalArgumentException(
                                "scope of a policy must be Global, Namespace or WorkloadSelector");
                },
                switch (fields.required("action")) {
                    case "Allow" -> AuthorizationPolicy.Action.ALLOW;
                    case "Deny" -> AuthorizationPolicy.Action.DENY;
                    default -> throw new IllegalArgumentException("action of a policy must be Allow or Deny");
                },
                LocalRules.of(fields),
                fields.text("dryRun", "false").equals("true"));
    }
}
