package dev.gossamer.pki.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the bearer token for the control plane comes from. Immutable. */
public sealed interface TokenSource {
    /** Read again for each call, since the kubelet replaces it before it expires. */
    record OfFile(Path path) implements TokenSource {}

    record Literal(String token) implements TokenSource {
        /** Without the token. */
        @Override
        public String toString() {
            return "Literal[…]";
        }
    }

    record None() implements TokenSource {}

    /** Reads an operator's setting: a file that exists, or else the token itself. */
    static TokenSource parse(String setting) {
        return setting.contains("/") && Files.exists(Path.of(setting))
                ? new OfFile(Path.of(setting))
                : new Literal(setting);
    }

    /** The token as of now. A trailing newline is cut, as it could not stand in a header. */
    default @Nullable String read() throws IOException {
        return switch (this) {
            case OfFile(var path) -> Files.readString(path).strip();
            case Literal(var token) -> token;
            case None() -> null;
        };
    }
}
