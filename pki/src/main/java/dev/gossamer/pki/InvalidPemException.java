package dev.gossamer.pki;

import org.jspecify.annotations.Nullable;

/** A text is not the PEM that it should be; the message says what is wrong with it, never what it holds. */
public final class InvalidPemException extends Exception {
    InvalidPemException(String reason) {
        this(reason, null);
    }

    InvalidPemException(String reason, @Nullable Throwable cause) {
        super(reason, cause, false, false);
    }
}
