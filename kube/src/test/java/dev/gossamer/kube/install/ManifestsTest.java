package dev.gossamer.kube.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    @Test
    void leavesNoReferenceUnfilled() {
        assertThat(Manifests.render(Values.ofDefaults()).toYaml()).doesNotContain("${");
    }

    @Test
    void installsTheNamesThatOperatorsKnow() {
        var manifests = Manifests.render(Values.ofDefaults());

        assertThat(manifests.parts())
                .extracting(Manifests.Part::title)
                .containsExactly("Base", "Istiod", "CNI", "Ztunnel");
        assertThat(find(manifests, DaemonSet.class, "ztunnel")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getServiceAccountName())
                .isEqualTo("ztunnel");
        assertThat(find(manifests, DaemonSet.class, "istio-cni-node")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getHostNetwork())
                .isTrue();
        assertThat(find(manifests, Deployment.class, "istiod").getMetadata().getNamespace())
                .isEqualTo("istio-system");
    }

    @Test
    void leavesTheDataPlaneOutOfTheMinimalProfile() throws Exception {
        var manifests = Manifests.render(Values.parse(List.of("profile=minimal")));

        assertThat(manifests.objects()).noneMatch(DaemonSet.class::isInstance);
        assertThat(environment(find(manifests, Deployment.class, "istiod")))
                .containsEntry("PILOT_ENABLE_AMBIENT", "false");
    }

    @Test
    void setsEnvironmentVariablesAndReplacesThoseOfTheTemplate() throws Exception {
        var manifests = Manifests.render(Values.parse(
                List.of("values.pilot.env.X=1", "values.pilot.env.CLUSTER_ID=east", "global.logAsJson=true")));

        assertThat(environment(find(manifests, Deployment.class, "istiod")))
                .containsEntry("X", "1")
                .containsEntry("CLUSTER_ID", "east")
                .containsEntry("LOG_FORMAT", "json");
    }

    @Test
    void putsChangesOfTheMeshConfigOverItsDefaults() throws Exception {
        var manifests = Manifests.render(Values.parse(
                List.of("meshConfig.trustDomain=example.org", "meshConfig.defaultConfig.proxyMetadata.A=b")));

        assertThat(find(manifests, ConfigMap.class, "istio").getData().get("mesh"))
                .contains("trustDomain: \"example.org\"")
                .contains("ISTIO_META_ENABLE_HBONE: \"true\"")
                .contains("A: \"b\"");
    }

    @Test
    void followsTheNamespaceEverywhere() throws Exception {
        var manifests = Manifests.render(Values.parse(List.of("global.istioNamespace=mesh")));

        assertThat(manifests.toYaml()).doesNotContain("istio-system");
        assertThat(manifests
                        .objects()
                        .filter(ClusterRoleBinding.class::isInstance)
                        .map(ClusterRoleBinding.class::cast)
                        .flatMap(binding -> binding.getSubjects().stream()))
                .isNotEmpty()
                .allMatch(subject -> subject.getNamespace().equals("mesh"));
    }

    private static <T extends HasMetadata> T find(Manifests manifests, Class<T> type, String name) {
        return manifests
                .objects()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> environment(Deployment deployment) {
        var values = new HashMap<String, String>();
        for (EnvVar variable : deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()) {
            assertThat(values.put(variable.getName(), variable.getValue())).isNull();
        }
        return values;
    }
}
