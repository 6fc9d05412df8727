package dev.gossamer.control.ca;

/** Says whose token it is. Thread-safe. */
@FunctionalInterface
public interface TokenReviewer {
    /**
     * Asks; may wait.
     *
     * @throws RejectedTokenException if the token is nobody's: the caller's fault
     * @throws ReviewFailedException if that cannot be told now
     */
    TokenOwner review(String token) throws RejectedTokenException, ReviewFailedException;

    /** A token is forged, has expired, or is meant for someone else. */
    final class RejectedTokenException extends Exception {
        private static final long serialVersionUID = 1L;

        public RejectedTokenException(String reason) {
            super(reason, null, false, false);
        }
    }

    /** The API server could not be asked, or had no answer. */
    final class ReviewFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        public ReviewFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
