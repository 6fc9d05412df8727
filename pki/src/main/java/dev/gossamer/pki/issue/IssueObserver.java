package dev.gossamer.pki.issue;

/** Is told how requests for certificates end, for metrics. Called by the calls' threads; does not wait. */
@FunctionalInterface
public interface IssueObserver {
    /** How a request ended. */
    enum Outcome {
        ISSUED,
        /** The caller is nobody, or may not have what it asked for. */
        CALLER_REJECTED,
        /** The request itself is at fault. */
        REQUEST_REFUSED
    }

    void onRequest(Outcome outcome);

    IssueObserver NONE = _ -> {};
}
