package dev.gossamer.pki.transport;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a control plane is, and by what name it proves itself. Immutable.
 *
 * @param alternativeHostname a second name that its certificate may carry instead of {@code host}
 */
public record ControlPlaneAddress(
        String host, int port, @Nullable String alternativeHostname) {
    private static final int DEFAULT_PORT = 15012;

    /**
     * Reads {@code https://host:port}; a missing scheme is https, a missing port 15012.
     *
     * @throws IllegalArgumentException if it is not such a URL: the operator's to mend
     */
    public static ControlPlaneAddress parse(String text, @Nullable String alternativeHostname) {
        var uri = URI.create(text.contains("://") ? text : "https://" + text);
        if (!"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(text + ": the control plane is reached by https only");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(text + ": must be https://host:port");
        }
        return new ControlPlaneAddress(
                uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), alternativeHostname);
    }

    @Override
    public String toString() {
        return "https://" + host + ":" + port;
    }
}
