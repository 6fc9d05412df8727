package dev.gossamer.net.linux;

/** The process was started without a capability that it cannot work without: the operator's to grant. */
public final class MissingPrivilegeException extends Exception {
    MissingPrivilegeException(String message, Throwable cause) {
        super(message, cause);
    }

    MissingPrivilegeException(String message) {
        super(message);
    }
}
