package dev.gossamer.bench.contender;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.core.lifecycle.TimeSource;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.issue.AuthorityConfig;
import dev.gossamer.pki.issue.CertificateAuthority;
import dev.gossamer.pki.issue.IssueRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An authority for one run, and what it issues, as files. Confined to the thread that sets the run up. */
final class Certificates {
    private final CertificateAuthority authority = new CertificateAuthority(
            CertificateAuthority.newRoot(
                    SpiffeId.DEFAULT_TRUST_DOMAIN, CertificateAuthority.KeyKind.ECDSA_P256, TimeSource.SYSTEM),
            AuthorityConfig.DEFAULT,
            TimeSource.SYSTEM);

    /** Writes {@code cert-chain.pem}, {@code key.pem}, {@code root-cert.pem} and, for HAProxy, {@code all.pem}. */
    void write(Path directory, String serviceAccount) throws IOException {
        Files.createDirectories(directory);
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var keys = generator.generateKeyPair();
            var issued = authority.issue(
                    keys.getPublic(),
                    new SpiffeId(SpiffeId.DEFAULT_TRUST_DOMAIN, "bench", serviceAccount),
                    Duration.ofHours(12));
            var chain = new ArrayList<>(List.of(issued.leaf()));
            chain.addAll(issued.intermediates());
            var chainPem = Pem.encode(chain);
            var keyPem = Pem.encode(keys.getPrivate());
            Files.write(directory.resolve("cert-chain.pem"), chainPem);
            Files.write(directory.resolve("key.pem"), keyPem);
            Files.write(directory.resolve("root-cert.pem"), authority.roots().pem());
            var all = new ByteArrayOutputStream();
            all.write(chainPem);
            all.write(keyPem);
            Files.write(directory.resolve("all.pem"), all.toByteArray());
        } catch (GeneralSecurityException | IssueRefusedException e) {
            throw new IOException("cannot issue a certificate for the run: " + e.getMessage(), e);
        }
    }
}
