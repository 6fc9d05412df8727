package dev.gossamer.ztunnel.pod;

import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.TrustRoots;
import dev.gossamer.pki.renew.CertificateSource;
import dev.gossamer.pki.renew.CertificateUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A certificate that somebody puts into a directory: {@code cert-chain.pem}, {@code key.pem}, {@code root-cert.pem}.
 *
 * <p>Read again at each renewal. For a proxy that serves one workload without an authority. Immutable.
 */
public record CertificateDirectory(Path directory, Executor worker) implements CertificateSource {
    @Override
    public CompletableFuture<Svid> request(SpiffeId identity) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return read(identity);
                    } catch (IOException | InvalidPemException e) {
                        throw new CompletionException(
                                new CertificateUnavailableException(identity, directory + ": " + e.getMessage(), e));
                    }
                },
                worker);
    }

    private Svid read(SpiffeId identity) throws IOException, InvalidPemException {
        var chain = Pem.certificates(Files.readAllBytes(directory.resolve("cert-chain.pem")));
        var key = Pem.privateKey(Files.readAllBytes(directory.resolve("key.pem")));
        var roots = TrustRoots.ofPem(Files.readAllBytes(directory.resolve("root-cert.pem")));
        return new Svid(identity, chain, key, roots);
    }
}
