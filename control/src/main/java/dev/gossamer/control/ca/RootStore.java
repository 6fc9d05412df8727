package dev.gossamer.control.ca;

import dev.gossamer.pki.issue.SigningCredentials;
import org.jspecify.annotations.Nullable;

/** Keeps the mesh's root where all replicas of the control plane find it. Thread-safe. */
public interface RootStore {
    /** A root and the state of the store that it was read from. Immutable. */
    record Stored(SigningCredentials credentials, String version) {}

    /** Absent if there is none yet. */
    @Nullable
    Stored load() throws RootStoreException;

    /** Stores the first root; false if another replica was faster. */
    boolean create(SigningCredentials credentials) throws RootStoreException;

    /** Replaces what was read as {@code previous}; false if another replica was faster. */
    boolean replace(Stored previous, SigningCredentials credentials) throws RootStoreException;

    /** The root cannot be read or written; the message says why. */
    final class RootStoreException extends Exception {
        private static final long serialVersionUID = 1L;

        public RootStoreException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
