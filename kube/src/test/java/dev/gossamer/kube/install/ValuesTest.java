package dev.gossamer.kube.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void installsAmbientByDefault() {
        var values = Values.ofDefaults();

        assertThat(values.profile()).isEqualTo(Profile.AMBIENT);
        assertThat(values.namespace()).isEqualTo("istio-system");
        assertThat(values.setting("ztunnel.image")).isEqualTo("gossamer/ztunnel");
        assertThat(values.setting("ztunnel.caAddress")).isEqualTo("https://istiod.istio-system.svc:15012");
    }

    @Test
    void takesHubAndTagUnderEitherName() throws Exception {
        assertThat(Values.parse(List.of("hub=example.org/mesh", "tag=1.2")).setting("pilot.image"))
                .isEqualTo("example.org/mesh/control-plane:1.2");
        assertThat(Values.parse(List.of("values.global.hub=h,values.global.tag=t"))
                        .setting("cni.image"))
                .isEqualTo("h/node-agent:t");
    }

    @Test
    void takesAnyEnvironmentVariableOfAComponent() throws Exception {
        var values = Values.parse(List.of("values.ztunnel.env.SECRET_TTL=30s", "pilot.env.X=a\\,b"));

        assertThat(values.open("ztunnel.env")).isEqualTo(Map.of("SECRET_TTL", "30s"));
        assertThat(values.open("pilot.env")).isEqualTo(Map.of("X", "a,b"));
    }

    @Test
    void readsMeshConfigAsATree() throws Exception {
        var values = Values.parse(List.of(
                "meshConfig.trustDomain=example.org",
                "meshConfig.enableAutoMtls=false",
                "meshConfig.defaultConfig.proxyMetadata.A=b"));

        assertThat(values.meshConfig())
                .isEqualTo(Map.of(
                        "trustDomain",
                        "example.org",
                        "enableAutoMtls",
                        false,
                        "defaultConfig",
                        Map.of("proxyMetadata", Map.of("A", "b"))));
    }

    @Test
    void namesCloseMatchesOfAnUnknownKey() {
        assertThatThrownBy(() -> Values.parse(List.of("values.ztunel.logLevel=debug")))
                .isInstanceOf(InvalidValuesException.class)
                .hasMessageStartingWith("unknown key values.ztunel.logLevel; did you mean ztunnel.logLevel");
        assertThatThrownBy(() -> Values.parse(List.of("meshConfig.trustDomian=x")))
                .hasMessage("unknown key meshConfig.trustDomian; did you mean meshConfig.trustDomain?");
        assertThatThrownBy(() -> Values.parse(List.of("values.ztunel.env.SECRET_TTL=1h")))
                .hasMessage("unknown key values.ztunel.env.SECRET_TTL; did you mean ztunnel.env.NAME?");
        assertThatThrownBy(() -> Values.parse(List.of("entirely.unrelated=x")))
                .hasMessage("unknown key entirely.unrelated");
    }

    @Test
    void reportsEveryMistakeAtOnce() {
        assertThatThrownBy(() -> Values.parse(
                        List.of("profile=demo", "novalue", "pilot.replicaCount=many", "global.logAsJson=1")))
                .hasMessageContaining("unknown profile 'demo'; there are ambient and minimal")
                .hasMessageContaining("'novalue' is not of the form key=value")
                .hasMessageContaining("pilot.replicaCount=many is not valid")
                .hasMessageContaining("global.logAsJson=1 is not valid; it must be true or false");
    }
}
