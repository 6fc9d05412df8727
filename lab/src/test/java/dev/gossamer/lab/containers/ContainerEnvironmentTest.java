package dev.gossamer.lab.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.gossamer.lab.volumes.DownwardApi;
import dev.gossamer.lab.volumes.FakeObjects;
import dev.gossamer.lab.volumes.MissingObjectException;
import dev.gossamer.lab.volumes.NamespaceObjects.ServiceLink;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ContainerEnvironmentTest {
    private static final Program PROGRAM =
            new Program(List.of("/bin/app"), List.of(), Map.of("FROM_IMAGE", "image", "A", "image"), null);

    private final FakeObjects objects = new FakeObjects();

    private Map<String, String> of(String container, ServiceLink... services) throws Exception {
        var parsed = Serialization.unmarshal("---\n" + container, Container.class);
        var pod = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-1, namespace: shop, uid: u1, labels: {app: cart}}
                spec: {nodeName: node-1, serviceAccountName: cart, containers: []}
                status: {podIP: 10.20.1.2, hostIP: 172.18.0.11, podIPs: [{ip: 10.20.1.2}]}
                """, Pod.class);
        pod.getSpec().setContainers(List.of(parsed));
        var downward = new DownwardApi(pod, Map.of("cpu", new Quantity("4"), "memory", new Quantity("8Gi")));
        return new ContainerEnvironment(objects, downward).of(parsed, PROGRAM, List.of(services));
    }

    @Test
    void theSpecWinsOverTheImage() throws Exception {
        assertThat(of("{name: c, env: [{name: A, value: spec}]}"))
                .contains(entry("A", "spec"), entry("FROM_IMAGE", "image"));
    }

    @Test
    void valuesReferToVariablesBeforeThem() throws Exception {
        assertThat(of("{name: c, env: [{name: B, value: '$(A)-$(C)'}, {name: C, value: '$(B)'}]}"))
                .contains(entry("B", "image-$(C)"), entry("C", "image-$(C)"));
    }

    @Test
    void readsTheDownwardApi() throws Exception {
        assertThat(of("""
                name: c
                resources: {limits: {memory: 128Mi}, requests: {cpu: 250m}}
                env:
                - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                - {name: CPUS, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                - {name: MILLIS, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
                - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
                """))
                .contains(
                        entry("NAME", "cart-1"),
                        entry("IP", "10.20.1.2"),
                        entry("NODE", "node-1"),
                        entry("APP", "cart"),
                        entry("CPUS", "4"),
                        entry("MILLIS", "250"),
                        entry("MEMORY", "134217728"));
    }

    @Test
    void readsConfigMapsAndSecrets() throws Exception {
        objects.configMap("cfg", Map.of("a", "1"));
        objects.secret("key", Map.of("b", "2"));
        assertThat(of("""
                name: c
                envFrom: [{prefix: P_, configMapRef: {name: cfg}}, {secretRef: {name: key}}]
                env:
                - {name: X, valueFrom: {configMapKeyRef: {name: cfg, key: a}}}
                - {name: Y, valueFrom: {secretKeyRef: {name: key, key: b}}}
                - {name: Z, valueFrom: {secretKeyRef: {name: none, key: b, optional: true}}}
                """))
                .contains(entry("P_a", "1"), entry("b", "2"), entry("X", "1"), entry("Y", "2"))
                .doesNotContainKey("Z");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> of("{name: c, env: [{name: X, valueFrom: {configMapKeyRef: {name: cfg, key: a}}}]}"))
                .isInstanceOf(MissingObjectException.class)
                .hasMessage("configmap \"cfg\" not found");
        objects.configMap("cfg", Map.of());
        assertThatThrownBy(() -> of("{name: c, env: [{name: X, valueFrom: {configMapKeyRef: {name: cfg, key: a}}}]}"))
                .hasMessage("couldn't find key a in configmap \"cfg\"");
        assertThatThrownBy(() -> of("{name: c, envFrom: [{secretRef: {name: key}}]}"))
                .hasMessage("secret \"key\" not found");
        assertThatThrownBy(() -> of("{name: c, env: [{name: X, valueFrom: {fieldRef: {fieldPath: spec.none}}}]}"))
                .hasMessageContaining("spec.none");
    }

    @Test
    void tellsOfServicesAsDockerLinksDid() throws Exception {
        var service = new ServiceLink("api-v1", "10.96.0.7", List.of(new ServiceLink.Port("web", "TCP", 80)));
        assertThat(of("{name: c}", service))
                .contains(
                        entry("API_V1_SERVICE_HOST", "10.96.0.7"),
                        entry("API_V1_SERVICE_PORT", "80"),
                        entry("API_V1_SERVICE_PORT_WEB", "80"),
                        entry("API_V1_PORT", "tcp://10.96.0.7:80"),
                        entry("API_V1_PORT_80_TCP_ADDR", "10.96.0.7"));
    }
}
