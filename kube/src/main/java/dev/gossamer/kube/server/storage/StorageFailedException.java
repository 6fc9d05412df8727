package dev.gossamer.kube.server.storage;

/** The journal cannot be written (a full disk, most often), so nothing more can be acknowledged until a restart. */
public final class StorageFailedException extends Exception {
    StorageFailedException(Throwable cause) {
        super(
                "the data directory cannot be written, so nothing can be changed any more: " + cause.getMessage()
                        + "; free space or repair it, then start the API server again",
                cause);
    }
}
