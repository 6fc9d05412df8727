package dev.gossamer.kube.watch;

/** The Kubernetes API did not answer, or refused us. The operator's to mend: the message names cause and remedy. */
public final class ClusterUnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
