package dev.gossamer.pki.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.pki.ManualTime;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServerNamesTest {
    private static X509Certificate certificate(String... names) throws Exception {
        var time = new ManualTime();
        var authority = new CertificateAuthority(
                CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, time), AuthorityConfig.DEFAULT, time);
        return authority
                .issueServer(
                        List.of(names), List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("fd00::1")))
                .chain()
                .getFirst();
    }

    @Test
    void matchesNamesWhateverTheirCase() throws Exception {
        var certificate = certificate("istiod.istio-system.svc", "istiod-Remote.istio-system.svc");
        assertThat(ServerNames.match(certificate, "ISTIOD.istio-system.svc.")).isTrue();
        assertThat(ServerNames.match(certificate, "istiod-remote.istio-system.svc"))
                .isTrue();
        assertThat(ServerNames.match(certificate, "istiod.istio-system")).isFalse();
        assertThat(ServerNames.match(certificate, "evil.istiod.istio-system.svc"))
                .isFalse();
        assertThat(ServerNames.match(certificate, "")).isFalse();
    }

    @Test
    void matchesAddressesOnlyByAddress() throws Exception {
        var certificate = certificate("10.0.0.1", "a.b.c");
        assertThat(ServerNames.match(certificate, "127.0.0.1")).isTrue();
        assertThat(ServerNames.match(certificate, "fd00:0:0::1")).isTrue();
        assertThat(ServerNames.match(certificate, "10.0.0.1")).isFalse();
    }

    @Test
    void letsAWildcardStandForOneLabel() throws Exception {
        var certificate = certificate("*.example.com", "*.net");
        assertThat(ServerNames.match(certificate, "a.example.com")).isTrue();
        assertThat(ServerNames.match(certificate, "a.b.example.com")).isFalse();
        assertThat(ServerNames.match(certificate, "example.com")).isFalse();
        assertThat(ServerNames.match(certificate, "a.net")).isFalse();
    }

    @Test
    void readsAddressesOfControlPlanes() {
        assertThat(ControlPlaneAddress.parse("https://istiod.istio-system.svc:15012", null))
                .isEqualTo(new ControlPlaneAddress("istiod.istio-system.svc", 15012, null));
        assertThat(ControlPlaneAddress.parse("istiod:443", "other"))
                .isEqualTo(new ControlPlaneAddress("istiod", 443, "other"));
        assertThat(ControlPlaneAddress.parse("localhost", null).port()).isEqualTo(15012);
        assertThatThrownBy(() -> ControlPlaneAddress.parse("http://istiod:15010", null))
                .hasMessageContaining("https only");
        assertThatThrownBy(() -> ControlPlaneAddress.parse("https://", null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
