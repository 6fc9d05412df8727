package dev.gossamer.kube.install;

import org.jspecify.annotations.Nullable;

/** The cluster refused an object, or a component did not come up. The message says which and why. */
public final class InstallationException extends Exception {
    private static final long serialVersionUID = 1L;

    InstallationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
