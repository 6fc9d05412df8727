package dev.gossamer.pki.issue;

/** A certificate was asked for that the authority does not issue; the message says why and is for the caller. */
public final class IssueRefusedException extends Exception {
    IssueRefusedException(String reason) {
        super(reason, null, false, false);
    }
}
