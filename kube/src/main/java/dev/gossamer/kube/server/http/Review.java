package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.auth.Caller;
import dev.gossamer.kube.server.failure.ApiException;
import tools.jackson.databind.node.ObjectNode;

/** Answers objects that are questions and are not stored: TokenReview and the like. Implementations are thread-safe. */
@FunctionalInterface
public interface Review {
    /** {@code question} with the answer in its status. */
    ObjectNode answer(ObjectNode question, String namespace, Caller caller) throws ApiException;
}
