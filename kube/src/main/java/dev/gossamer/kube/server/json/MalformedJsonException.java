package dev.gossamer.kube.server.json;

/** A client's bytes are not the JSON or YAML that they claim to be, or exceed what is read. */
public final class MalformedJsonException extends Exception {
    MalformedJsonException(String message) {
        // No stack trace: every request can cause this.
        super(message, null, false, false);
    }
}
