package dev.gossamer.lab.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.lifecycle.TimeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumesTest {
    @TempDir
    Path directory;

    private final FakeObjects objects = new FakeObjects();

    private PodVolumes volumes(String volumes, String mounts) {
        return volumes(pod(volumes, mounts));
    }

    private static Pod pod(String volumes, String mounts) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: cart-1, namespace: shop, uid: u1, labels: {app: cart}}
                spec:
                  serviceAccountName: cart
                  containers: [{name: c, volumeMounts: %s}]
                  volumes: %s
                """.formatted(mounts, volumes), Pod.class);
    }

    private PodVolumes volumes(Pod pod) {
        return new PodVolumes(
                pod,
                directory.resolve("pod"),
                new HostPaths(directory.resolve("node")),
                objects,
                new DownwardApi(pod, Map.of()),
                new TimeSource() {
                    @Override
                    public Instant now() {
                        return objects.now;
                    }

                    @Override
                    public long nanoTime() {
                        return 0;
                    }
                });
    }

    private Path source(PodVolumes volumes, Pod pod, String target) throws Exception {
        return volumes.mounts(pod.getSpec().getContainers().getFirst()).stream()
                .filter(mount -> mount.target().equals(target))
                .findFirst()
                .orElseThrow()
                .source();
    }

    @Test
    void showsAConfigMapAndItsChangesAllAtOnce() throws Exception {
        var pod = pod("[{name: v, configMap: {name: cfg, defaultMode: 256}}]", "[{name: v, mountPath: /cfg}]");
        var volumes = volumes(pod);
        objects.configMap("cfg", Map.of("a", "1", "gone", "x"));
        volumes.prepare("10.20.1.2", "10.96.0.10");
        var source = source(volumes, pod, "/cfg");
        assertThat(source.resolve("a")).hasContent("1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(source.resolve("a"))))
                .isEqualTo("r--------");
        var before = source.resolve("..data").toRealPath();

        objects.configMap("cfg", Map.of("a", "2", "b", "3"));
        volumes.refresh();
        assertThat(source.resolve("a")).hasContent("2");
        assertThat(source.resolve("b")).hasContent("3");
        assertThat(Files.exists(source.resolve("gone"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(before).doesNotExist();
    }

    @Test
    void namesAConfigMapThatIsMissing() {
        var volumes = volumes("[{name: v, configMap: {name: cfg}}]", "[{name: v, mountPath: /cfg}]");
        assertThatThrownBy(() -> volumes.prepare("10.20.1.2", "10.96.0.10"))
                .isInstanceOf(MissingObjectException.class)
                .hasMessage("configmap \"cfg\" not found");
    }

    @Test
    void doesWithoutWhatIsOptional() throws Exception {
        var pod = pod("[{name: v, secret: {secretName: key, optional: true}}]", "[{name: v, mountPath: /key}]");
        var volumes = volumes(pod);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        assertThat(source(volumes, pod, "/key")).isDirectory();
    }

    @Test
    void projectsSeveralSourcesIntoOneDirectory() throws Exception {
        objects.configMap("cfg", Map.of("a", "1"));
        var pod = pod("""
                [{name: v, projected: {sources: [
                  {configMap: {name: cfg, items: [{key: a, path: sub/x}]}},
                  {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}},
                  {serviceAccountToken: {audience: istio-ca, expirationSeconds: 600, path: token}}]}}]
                """, "[{name: v, mountPath: /all}]");
        var volumes = volumes(pod);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        var source = source(volumes, pod, "/all");
        assertThat(source.resolve("sub/x")).hasContent("1");
        assertThat(source.resolve("labels")).hasContent("app=\"cart\"");
        assertThat(source.resolve("token")).content().startsWith("cart|istio-ca|");
    }

    @Test
    void renewsATokenWhenFourFifthsOfItsLifeHavePassed() throws Exception {
        var pod = pod(
                "[{name: v, projected: {sources: [{serviceAccountToken: {expirationSeconds: 1000, path: token}}]}}]",
                "[{name: v, mountPath: /t}, {name: v, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]");
        var volumes = volumes(pod);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        var token = source(volumes, pod, "/t").resolve("token");
        var first = Files.readString(token);
        objects.now = objects.now.plus(Duration.ofSeconds(799));
        volumes.refresh();
        assertThat(token).hasContent(first);
        objects.now = objects.now.plus(Duration.ofSeconds(1));
        volumes.refresh();
        assertThat(token).content().isNotEqualTo(first);
        assertThat(objects.tokens).isEqualTo(2);
    }

    @Test
    void mountsCredentialsUnlessThePodHasItsOwnOrWantsNone() throws Exception {
        var target = "/var/run/secrets/kubernetes.io/serviceaccount";
        var plain = pod("[]", "[]");
        var volumes = volumes(plain);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        var source = source(volumes, plain, target);
        assertThat(source.resolve("ca.crt")).hasContent("CA");
        assertThat(source.resolve("namespace")).hasContent("shop");

        var without = pod("[]", "[]");
        without.getSpec().setAutomountServiceAccountToken(false);
        var none = volumes(without);
        none.prepare("10.20.1.2", "10.96.0.10");
        assertThat(none.mounts(without.getSpec().getContainers().getFirst()))
                .noneMatch(mount -> mount.target().equals(target));
    }

    @Test
    void givesEachNodeItsOwnHostPaths() throws Exception {
        var pod = pod(
                "[{name: v, hostPath: {path: /var/run/ztunnel, type: DirectoryOrCreate}}, {name: p, hostPath: {path: /proc}}]",
                "[{name: v, mountPath: /v}, {name: p, mountPath: /host/proc}]");
        var volumes = volumes(pod);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        assertThat(source(volumes, pod, "/v"))
                .isEqualTo(directory.resolve("node/run/ztunnel"))
                .isDirectory();
        assertThat(source(volumes, pod, "/host/proc")).isEqualTo(Path.of("/proc"));
    }

    @Test
    void refusesAHostPathThatHasToBeThere() {
        var volumes = volumes("[{name: v, hostPath: {path: /data, type: Directory}}]", "[{name: v, mountPath: /v}]");
        assertThatThrownBy(() -> volumes.prepare("10.20.1.2", "10.96.0.10"))
                .isInstanceOf(MissingObjectException.class)
                .hasMessageContaining("/data of type Directory does not exist on this node");
    }

    @Test
    void refusesPathsThatLeaveTheVolume() throws Exception {
        objects.configMap("cfg", Map.of("a", "1"));
        var out = volumes(
                "[{name: v, configMap: {name: cfg, items: [{key: a, path: ../../x}]}}]", "[{name: v, mountPath: /v}]");
        assertThatThrownBy(() -> out.prepare("10.20.1.2", "10.96.0.10")).hasMessageContaining("../../x");
        var pod = pod("[{name: v, emptyDir: {}}]", "[{name: v, mountPath: /v, subPath: ../..}]");
        var sub = volumes(pod);
        sub.prepare("10.20.1.2", "10.96.0.10");
        assertThatThrownBy(() -> sub.mounts(pod.getSpec().getContainers().getFirst()))
                .hasMessageContaining("leads out of its volume");
    }

    @Test
    void writesHostsAndResolverFiles() throws Exception {
        var pod = pod("[]", "[]");
        var volumes = volumes(pod);
        volumes.prepare("10.20.1.2", "10.96.0.10");
        assertThat(source(volumes, pod, "/etc/hosts")).content().contains("10.20.1.2\tcart-1\n");
        assertThat(source(volumes, pod, "/etc/resolv.conf")).hasContent("""
                        nameserver 10.96.0.10
                        search shop.svc.cluster.local svc.cluster.local cluster.local
                        options ndots:5
                        """);
    }
}
