package dev.gossamer.pki.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.CertificateRequest;
import dev.gossamer.pki.Certificates;
import dev.gossamer.pki.ManualTime;
import dev.gossamer.pki.PeerPolicy;
import dev.gossamer.pki.PeerVerification;
import dev.gossamer.pki.PeerVerifier;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.TrustRoots;
import dev.gossamer.pki.issue.CertificateAuthority.KeyKind;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CertificateAuthorityTest {
    private static final SpiffeId CART = new SpiffeId("cluster.local", "shop", "cart");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final byte[] NOTHING = {};

    private final ManualTime time = new ManualTime();

    private CertificateAuthority authority(SigningCredentials credentials) {
        return new CertificateAuthority(credentials, AuthorityConfig.DEFAULT, time);
    }

    private CertificateAuthority authority() {
        return authority(CertificateAuthority.newRoot("cluster.local", KeyKind.ECDSA_P256, time));
    }

    private static List<X509Certificate> chain(CertificateAuthority.Issued issued) {
        var chain = new ArrayList<X509Certificate>();
        chain.add(issued.leaf());
        chain.addAll(issued.intermediates());
        return chain;
    }

    private void assertAccepted(List<X509Certificate> chain, TrustRoots roots) {
        assertThat(new PeerVerifier(roots, time).verify(chain, new PeerPolicy.AnyOf(Set.of(CART))))
                .isEqualTo(new PeerVerification.Verified(CART));
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void issuesWhatIstioWould(KeyKind kind) throws Exception {
        var authority = authority(CertificateAuthority.newRoot("cluster.local", kind, time));
        var request = CertificateRequest.of(CART);
        var issued = authority.issue(request.pem(), CART, HOUR);

        var leaf = issued.leaf();
        assertThat(leaf.getPublicKey()).isEqualTo(request.publicKey());
        assertThat(leaf.getSubjectX500Principal().getName()).isEmpty();
        assertThat(leaf.getCriticalExtensionOIDs()).contains("2.5.29.17", "2.5.29.15", "2.5.29.19");
        assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(6, CART.toString()));
        assertThat(leaf.getKeyUsage()).startsWith(true, false, true, false, false);
        assertThat(leaf.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(time.now().minus(Duration.ofMinutes(2)));
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(time.now().plus(HOUR));
        assertThat(leaf.getSerialNumber().bitLength()).isBetween(64, 128);
        assertThat(issued.intermediates()).isEmpty();
        assertAccepted(chain(issued), issued.roots());

        var root = authority.credentials().certificate();
        assertThat(root.getSubjectX500Principal().getName()).isEqualTo("O=cluster.local");
        assertThat(root.getBasicConstraints()).isGreaterThanOrEqualTo(0);
        assertThat(Duration.between(time.now(), root.getNotAfter().toInstant())).isEqualTo(Duration.ofDays(3650));
    }

    @Test
    void clampsTheTermToItsOwnAndRefusesTooLongOnes() throws Exception {
        var authority = authority();
        var key = CertificateRequest.of(CART).publicKey();
        assertThat(authority
                        .issue(key, CART, Duration.ZERO)
                        .leaf()
                        .getNotAfter()
                        .toInstant())
                .isEqualTo(time.now().plus(Duration.ofHours(24)));
        assertThatThrownBy(() -> authority.issue(key, CART, Duration.ofDays(91)))
                .isInstanceOf(IssueRefusedException.class)
                .hasMessageContaining("at most 7776000 s");
        time.advance(Duration.ofDays(3649));
        assertThat(authority.issue(key, CART, Duration.ofDays(80)).leaf().getNotAfter())
                .isEqualTo(authority.credentials().certificate().getNotAfter());
        time.advance(Duration.ofDays(2));
        assertThatThrownBy(() -> authority.issue(key, CART, HOUR)).hasMessageContaining("expired");
    }

    @Test
    void refusesRequestsThatProveNothing() throws Exception {
        var authority = authority();
        var pem = CertificateRequest.of(CART).pem();
        var other = CertificateRequest.of(new SpiffeId("cluster.local", "shop", "evil"));
        // The key of one request in the place of another's, under the old signature.
        var der = decoded(pem);
        var foreign = other.publicKey().getEncoded();
        int at = indexOf(der, CertificateRequest.of(CART).publicKey().getEncoded(), 26);
        System.arraycopy(foreign, 0, der, at, foreign.length);
        assertThatThrownBy(() -> authority.issue(encoded(der), CART, HOUR))
                .isInstanceOf(IssueRefusedException.class)
                .hasMessageContaining("not signed by its own key");
        for (var text : List.of("", "x".repeat(20_000), pem.repeat(2), pem.replace("REQUEST", "REQUEST X"))) {
            assertThatThrownBy(() -> authority.issue(text, CART, HOUR)).isInstanceOf(IssueRefusedException.class);
        }
        assertThatThrownBy(() -> authority.issue(Certificates.rsa(1024).getPublic(), CART, HOUR))
                .hasMessageContaining("1024 bits");
    }

    @Test
    void issuesForNoOtherKeyHoweverTheRequestIsDamaged() {
        var authority = authority();
        var request = CertificateRequest.of(CART);
        var der = decoded(request.pem());
        int accepted = 0;
        for (int i = 0; i < der.length; i++) {
            for (int flipped = 1; flipped < 0x100; flipped <<= 3) {
                var damaged = der.clone();
                damaged[i] ^= (byte) flipped;
                try {
                    var issued = authority.issue(encoded(damaged), CART, HOUR);
                    assertThat(issued.leaf().getPublicKey()).isEqualTo(request.publicKey());
                    accepted++;
                } catch (IssueRefusedException e) {
                    assertThat(e).hasMessageContaining("request");
                }
            }
            var cut = Arrays.copyOf(der, i);
            assertThatThrownBy(() -> authority.issue(encoded(cut), CART, HOUR))
                    .isInstanceOf(IssueRefusedException.class);
        }
        // Bits outside of what is signed may say the same in another way.
        assertThat(accepted).isLessThan(der.length / 10);
    }

    @Test
    void renewsItsRootWithTheSameKeyInTheLastFifth() throws Exception {
        var authority = authority();
        var old = authority.roots();
        var issued = authority.issue(CertificateRequest.of(CART).pem(), CART, Duration.ofDays(89));
        time.advance(Duration.ofDays(2919));
        assertThat(authority.rootRenewalDue()).isFalse();
        time.advance(Duration.ofDays(2));
        assertThat(authority.rootRenewalDue()).isTrue();

        authority.replace(authority.renewedRoot());
        assertThat(authority.rootRenewalDue()).isFalse();
        var renewed = authority.issue(CertificateRequest.of(CART).pem(), CART, HOUR);
        assertThat(authority.roots()).isNotEqualTo(old);
        assertAccepted(chain(renewed), old);
        assertAccepted(chain(renewed), authority.roots());
        assertThat(issued.leaf().getIssuerX500Principal())
                .isEqualTo(renewed.leaf().getIssuerX500Principal());
    }

    @Test
    void signsWithAnIntermediate() throws Exception {
        var root = Certificates.root("corporate", time.now());
        var middle = Certificates.intermediate(root, "middle", time.now());
        var issuing = Certificates.intermediate(middle, "issuing", time.now());
        var certificate = Pem.encode(List.of(issuing.certificate()));
        var key = Pem.encode(issuing.keys().getPrivate());
        var chain = Pem.encode(List.of(issuing.certificate(), middle.certificate(), root.certificate()));
        var roots = Pem.encode(List.of(root.certificate()));

        var credentials = SigningCredentials.ofPem(certificate, key, chain, roots);
        assertThat(credentials.intermediates()).containsExactly(issuing.certificate(), middle.certificate());
        assertThat(credentials.isSelfSigned()).isFalse();
        var authority = authority(credentials);
        assertThat(authority.rootRenewalDue()).isFalse();
        var issued = authority.issue(CertificateRequest.of(CART).pem(), CART, HOUR);
        assertAccepted(chain(issued), TrustRoots.ofPem(roots));

        assertThatThrownBy(() -> SigningCredentials.ofPem(certificate, key, NOTHING, roots))
                .isInstanceOf(IssueRefusedException.class)
                .hasMessageContaining("not signed by a root");
        assertThatThrownBy(() -> SigningCredentials.ofPem(
                        certificate, Pem.encode(middle.keys().getPrivate()), chain, roots))
                .hasMessageContaining("private key is not that of its certificate");
        var leaf = Certificates.leaf(root, Certificates.ec("secp256r1"), time.now(), to -> {});
        assertThatThrownBy(() -> SigningCredentials.ofPem(
                        Pem.encode(List.of(leaf.certificate())),
                        Pem.encode(leaf.keys().getPrivate()),
                        NOTHING,
                        roots))
                .hasMessageContaining("may not sign others");
    }

    @Test
    void readsBackItsOwnRoot() throws Exception {
        var root = CertificateAuthority.newRoot("cluster.local", KeyKind.RSA_2048, time);
        var read = SigningCredentials.ofPem(Pem.encode(root.chain()), Pem.encode(root.privateKey()), NOTHING, NOTHING);
        assertThat(read.chain()).isEqualTo(root.chain());
        assertThat(read.roots()).isEqualTo(root.roots());
        assertThat(read.intermediates()).isEmpty();
        assertThat(read.isSelfSigned()).isTrue();
        assertThat(read.toString()).doesNotContain("PRIVATE").contains("O=cluster.local");
    }

    @Test
    void issuesForItsOwnEndpoint() throws Exception {
        var server = authority()
                .issueServer(List.of("istiod.istio-system.svc"), List.of(InetAddress.getByName("10.96.0.15")));
        var leaf = server.chain().getFirst();
        assertThat(leaf.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "istiod.istio-system.svc"), List.of(7, "10.96.0.15"));
        assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    }

    private static byte[] decoded(String pem) {
        return java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static String encoded(byte[] der) {
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    /** Where {@code part} begins in {@code whole}, as far as its first bytes tell. */
    private static int indexOf(byte[] whole, byte[] part, int length) {
        for (int i = 0; i <= whole.length - part.length; i++) {
            if (Arrays.equals(whole, i, i + length, part, 0, length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
