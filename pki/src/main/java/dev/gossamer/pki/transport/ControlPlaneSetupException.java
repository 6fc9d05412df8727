package dev.gossamer.pki.transport;

/** What this end needs to call its control plane is missing or unreadable: the operator's to mend. */
public final class ControlPlaneSetupException extends Exception {
    ControlPlaneSetupException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
