package dev.gossamer.lab;

import org.jspecify.annotations.Nullable;

/** A lab cannot be started, found or taken down; the message says why and what to do. */
public final class LabException extends Exception {
    public LabException(String message) {
        super(message, null, false, false);
    }

    public LabException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
