package dev.gossamer.lab;

import org.jspecify.annotations.Nullable;

/** Another program listens on a port of this machine that a lab was to have. */
final class PortTakenException extends Exception {
    PortTakenException(int port, @Nullable Throwable cause) {
        super(
                "port " + port + " on 127.0.0.1 cannot be had: " + (cause == null ? "unknown" : cause.getMessage()),
                cause);
    }
}
