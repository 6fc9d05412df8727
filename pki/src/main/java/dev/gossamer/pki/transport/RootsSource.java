package dev.gossamer.pki.transport;

import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.TrustRoots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the roots that prove the control plane's identity come from. Immutable. */
public sealed interface RootsSource {
    /** Read again for each connection, since it is replaced while the program runs. */
    record OfFile(Path path) implements RootsSource {}

    record OfPem(TrustRoots roots) implements RootsSource {}

    /** What the JDK trusts. */
    record OfSystem() implements RootsSource {}

    /**
     * Reads an operator's setting: an existing file, {@code SYSTEM}, or else PEM text.
     *
     * @throws InvalidPemException if it is none of these: the operator's to mend
     */
    static RootsSource parse(String setting) throws InvalidPemException {
        if (setting.equals("SYSTEM")) {
            return new OfSystem();
        }
        if (!setting.contains("-----BEGIN")) {
            // A file may be mounted later; then each connection fails with its name until it is.
            return new OfFile(Path.of(setting));
        }
        return new OfPem(TrustRoots.ofPem(setting.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The roots as of now; absent: the system's. */
    default @Nullable TrustRoots read() throws IOException, InvalidPemException {
        return switch (this) {
            case OfFile(var path) -> TrustRoots.ofPem(Files.readAllBytes(path));
            case OfPem(var roots) -> roots;
            case OfSystem() -> null;
        };
    }
}
