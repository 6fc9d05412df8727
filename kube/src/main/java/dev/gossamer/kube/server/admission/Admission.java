package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;

/** One thing to be done with each object before it is validated and stored. Implementations are thread-safe. */
@FunctionalInterface
public interface Admission {
    /** Changes the object, warns, or refuses. */
    void admit(Review review) throws ApiException;
}
