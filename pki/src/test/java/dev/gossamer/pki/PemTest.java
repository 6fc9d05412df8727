package dev.gossamer.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;

final class PemTest {
    private final ManualTime time = new ManualTime();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        var root = Certificates.root("root", time.now());
        var second = Certificates.root("second", time.now());
        var certificates = List.of(root.certificate(), second.certificate());
        assertThat(Pem.certificates(Pem.encode(certificates))).isEqualTo(certificates);
        for (var keys : List.of(
                root.keys(),
                Certificates.rsa(2048),
                java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair())) {
            assertThat(Pem.privateKey(Pem.encode(keys.getPrivate())).getEncoded())
                    .isEqualTo(keys.getPrivate().getEncoded());
        }
    }

    @Test
    void readsTheKeyFormatsOfGoPrograms() throws Exception {
        var rsa = Certificates.rsa(2048).getPrivate();
        var pkcs1 = PrivateKeyInfo.getInstance(rsa.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        assertThat(Pem.privateKey(ascii(Pem.encode("RSA PRIVATE KEY", pkcs1)))).isEqualTo(rsa);

        var ec = Certificates.ec("secp256r1").getPrivate();
        var info = PrivateKeyInfo.getInstance(ec.getEncoded());
        var inner = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        var sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, inner.getKey(), info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
        var read = (ECPrivateKey) Pem.privateKey(ascii(Pem.encode("EC PRIVATE KEY", sec1)));
        assertThat(read.getS()).isEqualTo(((ECPrivateKey) ec).getS());
    }

    @Test
    void ignoresCommentsBetweenBlocks() throws Exception {
        var root = Certificates.root("root", time.now()).certificate();
        var text = "# our root\r\n" + new String(Pem.encode(List.of(root)), StandardCharsets.US_ASCII) + "\n# end";
        assertThat(Pem.certificates(ascii(text.replace("\n", "\r\n")))).containsExactly(root);
    }

    @Test
    void refusesWhatIsNotWhole() throws Exception {
        var root = Certificates.root("root", time.now()).certificate();
        var text = new String(Pem.encode(List.of(root)), StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> Pem.certificates(new byte[0])).hasMessageContaining("no certificate");
        assertThatThrownBy(() -> Pem.certificates(ascii(text.substring(0, text.length() - 30))))
                .hasMessageContaining("does not end");
        assertThatThrownBy(() -> Pem.certificates(ascii(text.replace("END CERT", "END CURT"))))
                .hasMessageContaining("another type");
        assertThatThrownBy(() -> Pem.certificates(ascii(text.replace("MII", "M*I"))))
                .hasMessageContaining("base64");
        assertThatThrownBy(() -> Pem.certificates(ascii(text.replaceFirst("\n.{64}\n", "\n"))))
                .hasMessageContaining("cannot be parsed");
        assertThatThrownBy(() ->
                        Pem.certificates(Pem.encode(Certificates.ec("secp256r1").getPrivate())))
                .hasMessageContaining("only certificates");
        assertThatThrownBy(() -> Pem.privateKey(ascii(text))).hasMessageContaining("found a CERTIFICATE");
        assertThatThrownBy(() -> Pem.certificates(ascii(text.repeat(600)))).hasMessageContaining("more than 512");
        assertThatThrownBy(() -> Pem.certificates(new byte[2 << 20])).hasMessageContaining("bytes of PEM");
    }

    @Property(tries = 500, seed = "7")
    void neverFailsOtherwiseThanByRefusing(@ForAll byte[] noise, @ForAll byte[] body) {
        var block = Pem.encode("CERTIFICATE", body);
        for (var text : List.of(noise, ascii(block), ascii(Pem.encode("PRIVATE KEY", body)))) {
            assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(InvalidPemException.class);
            assertThatThrownBy(() -> Pem.privateKey(text)).isInstanceOf(InvalidPemException.class);
        }
    }
}
