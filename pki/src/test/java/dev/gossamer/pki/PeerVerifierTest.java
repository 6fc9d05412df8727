package dev.gossamer.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.Certificates.Pair;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PeerVerifierTest {
    private static final SpiffeId CART = new SpiffeId("cluster.local", "shop", "cart");
    private static final PeerPolicy MESH = new PeerPolicy.TrustDomain("cluster.local");

    private final ManualTime time = new ManualTime();
    private Pair root;
    private PeerVerifier verifier;

    @BeforeEach
    void start() throws Exception {
        root = Certificates.root("root", time.now());
        verifier = new PeerVerifier(new TrustRoots(List.of(root.certificate())), time);
    }

    private X509Certificate leaf(KeyPair keys, Consumer<Certificates.Extensions> extensions) throws Exception {
        return Certificates.leaf(root, keys, time.now(), extensions).certificate();
    }

    private X509Certificate leaf(Consumer<Certificates.Extensions> extensions) throws Exception {
        return leaf(Certificates.ec("secp256r1"), extensions);
    }

    private X509Certificate good() throws Exception {
        return leaf(to -> Certificates.uris(to, CART.toString()));
    }

    private void assertRejected(String reason, X509Certificate... chain) {
        assertThat(verifier.verify(List.of(chain), MESH))
                .isInstanceOfSatisfying(
                        PeerVerification.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains(reason));
    }

    @Test
    void acceptsAMemberOfTheTrustDomain() throws Exception {
        assertThat(verifier.verify(List.of(good()), MESH)).isEqualTo(new PeerVerification.Verified(CART));
    }

    @Test
    void acceptsAnyExpectedServerAndNoOther() throws Exception {
        var chain = List.of(good());
        var other = new SpiffeId("cluster.local", "shop", "other");
        assertThat(verifier.verify(chain, new PeerPolicy.AnyOf(Set.of(CART, other))))
                .isEqualTo(new PeerVerification.Verified(CART));
        assertThat(verifier.verify(chain, new PeerPolicy.AnyOf(Set.of(other))))
                .isEqualTo(
                        new PeerVerification.Rejected("the peer is spiffe://cluster.local/ns/shop/sa/cart, expected was"
                                + " spiffe://cluster.local/ns/shop/sa/other"));
        assertThat(verifier.verify(chain, new PeerPolicy.AnyOf(Set.of())))
                .isInstanceOf(PeerVerification.Rejected.class);
    }

    @Test
    void rejectsAnotherTrustDomain() throws Exception {
        assertRejected(
                "not of the trust domain cluster.local",
                leaf(to -> Certificates.uris(to, "spiffe://cluster.local.evil/ns/shop/sa/cart")));
    }

    @Test
    void followsIntermediatesAndIgnoresARootAtTheEnd() throws Exception {
        var middle = Certificates.intermediate(root, "middle", time.now());
        var leaf = Certificates.leaf(
                        middle, Certificates.ec("secp384r1"), time.now(), to -> Certificates.uris(to, CART.toString()))
                .certificate();
        assertThat(verifier.verify(List.of(leaf, middle.certificate()), MESH))
                .isEqualTo(new PeerVerification.Verified(CART));
        assertThat(verifier.verify(List.of(leaf, middle.certificate(), root.certificate()), MESH))
                .isEqualTo(new PeerVerification.Verified(CART));
        assertRejected("does not lead to a trusted root", leaf);
    }

    @Test
    void rejectsASignerThatIsNoAuthority() throws Exception {
        var workload = Certificates.leaf(
                root, Certificates.ec("secp256r1"), time.now(), to -> Certificates.uris(to, CART.toString()));
        var forged = Certificates.leaf(
                workload,
                Certificates.ec("secp256r1"),
                time.now(),
                to -> Certificates.uris(to, "spiffe://cluster.local/ns/istio-system/sa/admin"));
        assertRejected("does not lead to a trusted root", forged.certificate(), workload.certificate());
    }

    @Test
    void rejectsTheSameNamesByAnotherRoot() throws Exception {
        var impostor = Certificates.root("root", time.now());
        var leaf = Certificates.leaf(
                impostor, Certificates.ec("secp256r1"), time.now(), to -> Certificates.uris(to, CART.toString()));
        assertRejected("does not lead to a trusted root", leaf.certificate());
        assertRejected("does not lead to a trusted root", leaf.certificate(), impostor.certificate());
    }

    @Test
    void acceptsEitherOfTwoRoots() throws Exception {
        var second = Certificates.root("second", time.now());
        verifier = new PeerVerifier(new TrustRoots(List.of(root.certificate(), second.certificate())), time);
        var leaf = Certificates.leaf(
                second, Certificates.ec("secp256r1"), time.now(), to -> Certificates.uris(to, CART.toString()));
        assertThat(verifier.verify(List.of(leaf.certificate()), MESH)).isEqualTo(new PeerVerification.Verified(CART));
        assertThat(verifier.verify(List.of(good()), MESH)).isEqualTo(new PeerVerification.Verified(CART));
    }

    @Test
    void rejectsBeforeAndAfterTheTerm() throws Exception {
        var leaf = good();
        time.advance(Duration.ofMinutes(61));
        assertRejected("does not lead to a trusted root", leaf);
        time.advance(Duration.ofMinutes(-70));
        assertRejected("does not lead to a trusted root", leaf);
    }

    @Test
    void rejectsAnAuthoritysCertificateAsAWorkloads() throws Exception {
        assertRejected("an authority's", leaf(to -> {
            Certificates.uris(to, CART.toString());
            to.add(Extension.basicConstraints, true, new BasicConstraints(true));
        }));
    }

    @Test
    void rejectsAnOldVersion() throws Exception {
        assertRejected("X.509 version 1", Certificates.versionOne(root, Certificates.ec("secp256r1"), time.now()));
    }

    @Test
    void rejectsWeakAndUnknownKeys() throws Exception {
        assertRejected("1024 bits", leaf(Certificates.rsa(1024), to -> Certificates.uris(to, CART.toString())));
        var ed448 = java.security.KeyPairGenerator.getInstance("Ed448").generateKeyPair();
        assertRejected("are not accepted", leaf(ed448, to -> Certificates.uris(to, CART.toString())));
        var ed25519 = java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        for (var keys : List.of(Certificates.rsa(2048), Certificates.ec("secp521r1"), ed25519)) {
            var leaf = leaf(keys, to -> Certificates.uris(to, CART.toString()));
            assertThat(verifier.verify(List.of(leaf), MESH)).isEqualTo(new PeerVerification.Verified(CART));
        }
    }

    @Test
    void honoursPurposesWhereThereAreSome() throws Exception {
        var serverOnly = leaf(to -> {
            Certificates.uris(to, CART.toString());
            to.add(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        });
        assertRejected("not for clients", serverOnly);
        assertThat(verifier.verify(List.of(serverOnly), new PeerPolicy.AnyOf(Set.of(CART))))
                .isEqualTo(new PeerVerification.Verified(CART));
        assertRejected("not for signatures", leaf(to -> {
            Certificates.uris(to, CART.toString());
            to.add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment));
        }));
    }

    @Test
    void rejectsWithoutExactlyOneSpiffeUri() throws Exception {
        assertRejected("without a URI", leaf(to -> {}));
        assertRejected(
                "without a URI",
                leaf(to -> to.add(
                        Extension.subjectAlternativeName,
                        true,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, "cart.shop.svc")))));
        assertRejected(
                "more than one URI",
                leaf(to -> Certificates.uris(to, CART.toString(), "spiffe://cluster.local/ns/shop/sa/admin")));
        assertRejected(
                "not a SPIFFE workload id", leaf(to -> Certificates.uris(to, "https://cluster.local/ns/a/sa/b")));
    }

    @Test
    void rejectsEmptyAndOverlongChains() throws Exception {
        assertThat(verifier.verify(List.of(), MESH)).isInstanceOf(PeerVerification.Rejected.class);
        var chain = new ArrayList<X509Certificate>();
        chain.add(good());
        for (int i = 0; i < 10; i++) {
            chain.add(root.certificate());
        }
        assertThat(verifier.verify(chain, MESH))
                .isEqualTo(new PeerVerification.Rejected("a chain of 11 certificates, accepted are 10"));
    }

    @Test
    void rejectsHugeCertificatesAndBoundsTheReason() throws Exception {
        assertRejected(
                "more than 16384 bytes",
                leaf(to -> Certificates.uris(to, "spiffe://cluster.local/ns/a/sa/" + "x".repeat(20_000))));
        assertThat(verifier.verify(
                        List.of(leaf(to -> Certificates.uris(to, "spiffe://" + "d".repeat(900) + "/ns/a/sa/b"))), MESH))
                .isInstanceOfSatisfying(
                        PeerVerification.Rejected.class,
                        rejected -> assertThat(rejected.reason().length()).isLessThanOrEqualTo(301));
    }
}
