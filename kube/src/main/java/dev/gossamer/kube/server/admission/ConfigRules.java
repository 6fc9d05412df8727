package dev.gossamer.kube.server.admission;

import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Cause;
import dev.gossamer.kube.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Secrets, config maps and bindings: text becomes data, and what is declared immutable stays. Thread-safe: no state. */
public final class ConfigRules implements Admission {
    @Override
    public void admit(Review review) throws ApiException {
        switch (review.resource().storage()) {
            case "/secrets" -> {
                encode(review.object());
                requireSame(review, "type", "field is immutable");
                requireImmutable(review);
            }
            case "/configmaps" -> requireImmutable(review);
            case "rbac.authorization.k8s.io/rolebindings", "rbac.authorization.k8s.io/clusterrolebindings" ->
                requireSame(review, "roleRef", "cannot change roleRef");
            default -> {}
        }
    }

    private static void encode(ObjectNode secret) {
        if (!(secret.remove("stringData") instanceof ObjectNode texts)) {
            return;
        }
        var data = Json.ensureObject(secret, "data");
        for (var text : texts.properties()) {
            var bytes = text.getValue().asString("").getBytes(StandardCharsets.UTF_8);
            data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static void requireImmutable(Review review) throws ApiException {
        if (review.before() == null || !Json.isTrue(review.before(), "immutable")) {
            return;
        }
        requireSame(review, "immutable", "field is immutable when `immutable` is set");
        requireSame(review, "data", "field is immutable when `immutable` is set");
        requireSame(review, "binaryData", "field is immutable when `immutable` is set");
    }

    private static void requireSame(Review review, String field, String why) throws ApiException {
        if (review.before() == null
                || Json.same(review.before().path(field), review.object().path(field))) {
            return;
        }
        boolean forbidden = why.contains("when");
        var value =
                forbidden ? "Forbidden: " : "Invalid value: " + review.object().path(field) + ": ";
        throw ApiException.invalid(
                review.resource().subject(Json.text(review.object(), "metadata", "name")),
                List.of(new Cause(forbidden ? "FieldValueForbidden" : "FieldValueInvalid", field, value + why)));
    }
}
