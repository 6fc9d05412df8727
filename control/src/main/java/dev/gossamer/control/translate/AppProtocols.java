package dev.gossamer.control.translate;

import dev.gossamer.core.workload.ServicePort.AppProtocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells what a port speaks from what its owner wrote. */
final class AppProtocols {
    private AppProtocols() {}

    /** {@code declared}, an {@code appProtocol}, wins over the port's name. */
    static AppProtocol of(@Nullable String declared, String portName) {
        if (declared == null || declared.isEmpty()) {
            return ofName(portName);
        }
        return switch (declared) {
            case "kubernetes.io/h2c" -> AppProtocol.HTTP2;
            case "kubernetes.io/ws" -> AppProtocol.HTTP11;
            case "kubernetes.io/wss" -> AppProtocol.TLS;
            default -> ofName(declared);
        };
    }

    /** {@code http-admin} says HTTP: the protocol stands before the first dash. */
    static AppProtocol ofName(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("grpc-web") || lower.startsWith("grpc-web-")) {
            return AppProtocol.UNKNOWN;
        }
        int dash = lower.indexOf('-');
        return switch (dash < 0 ? lower : lower.substring(0, dash)) {
            case "http" -> AppProtocol.HTTP11;
            case "http2" -> AppProtocol.HTTP2;
            case "grpc" -> AppProtocol.GRPC;
            case "https", "tls" -> AppProtocol.TLS;
            case "tcp" -> AppProtocol.TCP;
            default -> AppProtocol.UNKNOWN;
        };
    }
}
